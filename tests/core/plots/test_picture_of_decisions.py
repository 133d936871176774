"""The decision surface shows what the network decides, with the data where they are."""

import logging
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import dataset
from core.errors import NotFinite, OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.plots import decision_surface, render
from core.plots.palette import CATEGORIES
from core.plots.prediction_grid import FEWEST_POINTS, MAX_POINTS, lattice


def unit(w1, w2, bias, activation="sigmoid"):
    return NeuralNetwork.from_parameters([[[w1, w2]]], [[bias]], activation)


def square(samples=50, seed=0):
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (samples, 2))


def halves(x):
    return (x[:, :1] > 0.0).astype(float)


def artists(figure, kind):
    return [a for a in figure.axes[0].get_children() if type(a).__name__ == kind]


def offsets(figure):
    return {a.get_label(): np.asarray(a.get_offsets()) for a in artists(figure, "PathCollection")}


def border(figure):
    """Give the points of the thick line."""
    thick = [a for a in artists(figure, "QuadContourSet") if max(a.get_linewidths()) > 1.0]
    return np.concatenate([path.vertices for a in thick for path in a.get_paths()])


def test_every_sample_is_drawn_at_its_place_in_its_class():
    x, y = dataset("moons").make(101, 0.1, np.random.default_rng(0))
    drawn = offsets(decision_surface(unit(1.0, 0.0, 0.0), x, y))
    assert set(drawn) == {"class 0", "class 1"}
    np.testing.assert_array_equal(drawn["class 0"], x[y[:, 0] == 0.0])
    np.testing.assert_array_equal(drawn["class 1"], x[y[:, 0] == 1.0])


@settings(deadline=None, max_examples=30)
@given(angle=st.floats(0.0, 6.3), bias=st.floats(-0.5, 0.5), steepness=st.floats(0.5, 1e4))
def test_the_border_of_one_unit_is_its_line(angle, bias, steepness):
    # σ(s) = 1/2 exactly where s = w·x + b = 0; contours interpolate linearly, and s is linear.
    w = np.array([np.cos(angle), np.sin(angle)])
    x = square()
    figure = decision_surface(unit(*(steepness * w), steepness * bias), x, halves(x))
    np.testing.assert_allclose(border(figure) @ w + bias, 0.0, atol=1e-9)


def test_the_border_of_a_softmax_is_where_two_outputs_are_equal():
    network = NeuralNetwork.from_parameters([[[3.0, 1.0], [1.0, 2.0]]], [[0.1, 0.0]], "softmax")
    x = square()
    figure = decision_surface(network, x, np.eye(2)[(x[:, 0] > 0).astype(int)])
    lines = [a for a in artists(figure, "QuadContourSet") if not a.filled]
    points = np.concatenate([path.vertices for a in lines for path in a.get_paths()])
    np.testing.assert_allclose(points @ [2.0, -1.0] + 0.1, 0.0, atol=1e-9)


@settings(deadline=None, max_examples=15)
@given(classes=st.integers(2, 9), seed=st.integers(0, 99))
def test_each_region_has_the_colour_of_its_largest_output(classes, seed):
    network = NeuralNetwork.from_sizes((2, classes), "softmax", np.random.default_rng(seed))
    x = square()
    figure = decision_surface(network, x, np.eye(classes)[np.arange(50) % classes])
    image = artists(figure, "AxesImage")[0]
    rows, columns = image.get_array().shape
    across, up = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    first, second = np.meshgrid(np.linspace(*across, columns), np.linspace(*up, rows))
    output = network.forward(np.column_stack([first.ravel(), second.ravel()])).output
    np.testing.assert_array_equal(image.get_array().ravel(), output.argmax(axis=1))


def test_the_probability_runs_over_the_plane_as_the_network_says():
    x = square()
    figure = decision_surface(unit(2.0, -1.0, 0.3), x, halves(x))
    image = artists(figure, "AxesImage")[0]
    left, right, bottom, top = image.get_extent()
    shown = np.asarray(image.get_array())
    rows, columns = shown.shape
    # The centre of a cell is where the network was asked.
    u = left + (np.arange(columns) + 0.5) * (right - left) / columns
    v = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    s = 2.0 * u[np.newaxis, :] - v[:, np.newaxis] + 0.3
    np.testing.assert_allclose(shown, 1.0 / (1.0 + np.exp(-s)), atol=1e-12)
    assert (image.norm.vmin, image.norm.vmax) == (0.0, 1.0)


def test_other_targets_share_one_scale_with_the_output():
    x = square()
    y = 5.0 * x[:, :1]
    figure = decision_surface(unit(1.0, 0.0, 0.0, "identity"), x, y)
    image = artists(figure, "AxesImage")[0]
    coloured = [a for a in artists(figure, "PathCollection") if a.get_array() is not None]
    samples = coloured[0]
    np.testing.assert_array_equal(samples.get_array(), y[:, 0])
    assert samples.norm is image.norm
    assert image.norm.vmin <= y.min() < y.max() <= image.norm.vmax


def test_axes_bar_and_legend_say_what_they_show():
    x = square()
    figure = decision_surface(unit(1.0, 0.0, 0.0), x, halves(x), "A unit")
    axes = figure.axes[0]
    bar = axes.child_axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), bar.get_ylabel()) == ("x₁", "x₂", "output ŷ")
    assert figure.get_suptitle() == "A unit"
    names = {text.get_text() for text in figure.legends[0].get_texts()}
    assert names == {"class 0", "class 1", "ŷ = 0.5"}


def test_where_nothing_crosses_one_half_there_is_no_border():
    x = square()
    figure = decision_surface(unit(0.0, 0.0, 3.0), x, halves(x))
    assert artists(figure, "QuadContourSet") == []
    assert "ŷ = 0.5" not in {text.get_text() for text in figure.legends[0].get_texts()}


@pytest.mark.parametrize("name", ["circles", "moons"])
def test_a_circle_stays_a_circle(name):
    x, y = dataset(name).make(50, 0.0, np.random.default_rng(0))
    figure = decision_surface(unit(1.0, 0.0, 0.0), x, y)
    render(figure, "png")
    axes = figure.axes[0]
    box = axes.get_window_extent()
    across, up = np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())
    assert box.width / across == pytest.approx(box.height / up, rel=1e-6)


X1 = np.array([[0.3, -2.0]])
DEGENERATE = {
    "one sample": X1,
    "all samples equal": np.repeat(X1, 7, axis=0),
    "one coordinate constant": np.column_stack([np.zeros(5), np.arange(5.0)]),
    "far from the origin": 1e12 + square(),
    "huge": 1e99 * square(),
    "tiny": 1e-99 * square(),
    "unlike scales": square() * [1e-6, 1e6],
    "denormal": 5e-324 * np.ones((3, 2)),
}


@pytest.mark.parametrize("case", DEGENERATE)
@pytest.mark.parametrize("picture_format", ["png", "svg"])
def test_any_data_can_be_drawn_without_a_warning(case, picture_format, caplog):
    x = DEGENERATE[case]
    y = (np.arange(len(x)) % 2.0)[:, np.newaxis]
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        figure = decision_surface(unit(1.0, 1.0, 0.0), x, y)
        assert len(render(figure, picture_format)) > 5_000
    assert caplog.records == []
    axes = figure.axes[0]
    low, high = np.array([axes.get_xlim(), axes.get_ylim()]).T
    assert np.all((low < x) & (x < high))


@pytest.mark.parametrize("bias", [0.0, -1e308, 1e308])
@pytest.mark.parametrize("activation", ["sigmoid", "identity", "relu"])
def test_a_constant_function_can_be_drawn(bias, activation):
    x = square()
    render(decision_surface(unit(0.0, 0.0, bias, activation), x, halves(x)), "png")
    render(decision_surface(unit(0.0, 0.0, bias, activation), x, x[:, :1]), "png")


def test_the_scale_is_that_of_the_samples_however_the_network_extrapolates():
    x = square()
    steep = NeuralNetwork.from_parameters([[[1e6, 0.0]], [[1.0]]], [[-1.05e6], [0.0]], ["relu"] * 2)
    figure = decision_surface(steep, x, x[:, :1] ** 2 + 0.25)
    image = artists(figure, "AxesImage")[0]
    assert image.get_array().max() > 1e4
    assert image.norm.vmax < 10.0


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_outputs_that_are_not_exclusive_have_a_panel_each(activation):
    network = NeuralNetwork.from_sizes((2, 3), activation, np.random.default_rng(0))
    x = square()
    y = np.column_stack([x[:, 0] > 0, x[:, 1] > 0, x[:, 0] > x[:, 1]]).astype(float)
    figure = decision_surface(network, x, y)
    assert [axes.get_title() for axes in figure.axes[:3]] == ["ŷ₁", "ŷ₂", "ŷ₃"]
    names = {text.get_text() for text in figure.legends[0].get_texts()}
    assert {"y = 0", "y = 1"} <= names
    many = NeuralNetwork.from_sizes((2, 9), activation, np.random.default_rng(0))
    figure = decision_surface(many, x, np.eye(9)[np.arange(50) % 9])
    assert [len(axes.images) for axes in figure.axes] == [1] * 6


@pytest.mark.parametrize("activation", ["softmax"])
def test_outputs_that_are_all_equal_belong_to_the_first_class(activation):
    network = NeuralNetwork.from_parameters([np.zeros((4, 2))], [[0.0] * 4], activation)
    x = square()
    figure = decision_surface(network, x, np.eye(4)[np.arange(50) % 4])
    assert np.all(artists(figure, "AxesImage")[0].get_array() == 0)
    render(figure, "svg")


def test_a_hundred_classes_have_colours_and_a_legend_that_fits():
    network = NeuralNetwork.from_sizes((2, 100), "softmax", np.random.default_rng(0))
    x = square(300)
    figure = decision_surface(network, x, np.eye(100)[np.arange(300) % 100])
    assert len(figure.legends[0].get_texts()) == 12
    render(figure, "png")


def test_twelve_classes_have_the_twelve_colours_of_the_palette():
    network = NeuralNetwork.from_sizes((2, 12), "softmax", np.random.default_rng(0))
    figure = decision_surface(network, square(120), np.eye(12)[np.arange(120) % 12])
    drawn = [a.get_facecolor()[0, :3] for a in artists(figure, "PathCollection")]
    expected = [[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in CATEGORIES]
    np.testing.assert_allclose(drawn, expected)


def test_many_samples_are_thinned_evenly_to_two_thousand():
    x = square(50_001)
    drawn = offsets(decision_surface(unit(1.0, 0.0, 0.0), x, halves(x)))
    assert sum(map(len, drawn.values())) == 2_000
    together = np.concatenate(list(drawn.values()))
    for row in (x[0], x[-1]):
        assert np.any(np.all(together == row, axis=1))


def test_the_number_of_evaluations_is_bounded_whatever_the_network():
    narrow, wide = unit(1.0, 1.0, 0.0), NeuralNetwork.from_sizes((2, 2000, 2000, 1), "relu")
    for network, bound in ((narrow, MAX_POINTS), (wide, FEWEST_POINTS)):
        points = lattice(network, (0.0, 1.0), (0.0, 1.0), 1.5).output.size
        assert 0.95 * bound < points < 1.05 * bound


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_of_either_precision_can_be_drawn(dtype):
    x = square().astype(dtype)
    network = NeuralNetwork.from_sizes((2, 4, 1), "sigmoid", np.random.default_rng(0))
    render(decision_surface(network.astype(dtype), x, halves(x).astype(dtype)), "png")


def test_a_network_with_three_inputs_has_no_surface():
    network = NeuralNetwork.from_sizes((3, 1), "sigmoid")
    with pytest.raises(ShapeMismatch, match="needs 2 inputs, but the network has 3"):
        decision_surface(network, square(), halves(square()))


def test_targets_of_another_width_are_refused():
    with pytest.raises(
        ShapeMismatch, match="y has 2 numbers per sample, but the network has 1 output"
    ):
        decision_surface(unit(1.0, 1.0, 0.0), square(), square())


def test_data_beyond_the_arithmetic_of_drawing_are_refused():
    with pytest.raises(OutOfDomain, match=r"x reaches 1e\+200; pictures end at 1e\+100"):
        decision_surface(unit(1.0, 1.0, 0.0), 1e200 * np.ones((2, 2)), np.zeros((2, 1)))


def test_a_network_that_overflows_in_the_window_is_refused():
    with pytest.raises(NotFinite, match="s of layer 1"):
        decision_surface(unit(1e300, 1e300, 0.0), 1e90 * square(), halves(square()))
