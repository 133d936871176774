"""The loss by iteration, on the axis that shows it best."""

import warnings

import numpy as np
import pytest

from core.errors import ShapeMismatch
from core.plots import loss_curve, render
from core.plots.scales import power_of_ten


def axes_of(*arguments, **more):
    return loss_curve(*arguments, **more).axes[0]


def line(axes, beginning):
    return next(a for a in axes.lines if a.get_label().startswith(beginning)).get_xydata()


def test_every_loss_is_drawn_at_its_iteration():
    iterations, losses = np.arange(0, 100, 10), np.linspace(1.0, 0.1, 10)
    np.testing.assert_array_equal(
        line(axes_of(iterations, losses), "training"), np.column_stack([iterations, losses])
    )


@pytest.mark.parametrize(("last", "scale"), [(0.011, "linear"), (0.0099, "log")])
def test_the_axis_is_logarithmic_from_two_powers_of_ten(last, scale):
    assert axes_of(np.arange(2), np.array([1.0, last])).get_yscale() == scale


def test_a_linear_axis_begins_at_zero():
    assert axes_of(np.arange(2), np.array([1.0, 0.5])).get_ylim()[0] == 0.0


def test_losses_below_zero_stay_in_view():
    low, high = axes_of(np.arange(2), np.array([-1.0, 0.5])).get_ylim()
    assert low < -1.0 < 0.5 < high


def test_the_lowest_validation_loss_is_marked():
    iterations = np.arange(0, 50, 10)
    validation = np.array([1.0, 0.4, 0.3, 0.5, 0.6])
    axes = axes_of(iterations, validation / 2, validation)
    np.testing.assert_array_equal(line(axes, "lowest 0.3, iteration 20"), [[20, 0.3]])


def test_a_loss_that_is_not_a_number_leaves_a_gap():
    losses = np.array([1.0, np.nan, np.inf, 0.5])
    drawn = line(axes_of(np.arange(4), losses, losses), "training, last 0.5")
    np.testing.assert_array_equal(np.isnan(drawn[:, 1]), [False, True, True, False])


@pytest.mark.parametrize(
    "losses",
    [
        [0.0],
        [0.7],
        [0.0, 0.0, 0.0],
        [1.0, 1e-5, 0.0, 1e-7],
        [1e-320, 1.0],
        [1e300, 1.0],
        [1e300, 0.9e300],
        [np.nan],
        [np.inf, np.nan],
        [1.0, 1.0],
    ],
)
def test_any_losses_can_be_drawn_without_a_warning(losses):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = loss_curve(np.arange(len(losses)), np.array(losses), np.array(losses))
        assert len(render(figure, "png")) > 5_000
        assert len(render(figure, "svg")) > 2_000


def test_zero_is_off_a_logarithmic_axis_and_the_rest_is_not():
    axes = axes_of(np.arange(4), np.array([1.0, 1e-5, 0.0, 1e-7]))
    assert axes.get_yscale() == "log"
    low, high = axes.get_ylim()
    assert 0.0 < low < 1e-7 < 1.0 < high


@pytest.mark.parametrize(("count", "dots"), [(25, "o"), (26, "")])
def test_few_points_get_dots(count, dots):
    assert axes_of(np.arange(count), np.ones(count)).lines[0].get_marker() == dots


@pytest.mark.parametrize("losses", [np.ones(3), np.ones(0)])
def test_there_is_one_loss_for_each_iteration(losses):
    with pytest.raises(ShapeMismatch, match=rf"losses has {len(losses)} values? for 2 iterations"):
        loss_curve(np.arange(2), losses)
    with pytest.raises(
        ShapeMismatch, match=r"validation_losses has [03] values for 2 iterations"
    ) as e:
        loss_curve(np.arange(2), np.ones(2), losses)
    assert e.value.place == ("validation_losses",)


@pytest.mark.parametrize(
    ("value", "text"), [(1e-3, "10⁻³"), (1.0, "10⁰"), (1e12, "10¹²"), (1e-300, "10⁻³⁰⁰")]
)
def test_powers_of_ten_have_plain_superscripts(value, text):
    assert power_of_ten(value) == text
