"""The prediction of a network with one input, among its data."""

import warnings

import numpy as np
import pytest

from core.errors import OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.plots import prediction, render


def line_of(slope, bias=0.0):
    return NeuralNetwork.from_parameters([[[slope]]], [[bias]], "identity")


def column(values):
    return np.asarray(values, float)[:, np.newaxis]


def lines(figure):
    return {line.get_label(): line.get_xydata() for line in figure.axes[0].lines}


def points(figure):
    return {c.get_label(): np.asarray(c.get_offsets()) for c in figure.axes[0].collections}


def test_the_line_is_the_network_and_the_points_are_the_data():
    x = column([0.0, 1.0, 4.0])
    y = column([1.0, -1.0, 3.0])
    figure = prediction(line_of(2.0, -0.5), x, y)
    line = lines(figure)["prediction ŷ"]
    np.testing.assert_allclose(line[:, 1], 2.0 * line[:, 0] - 0.5, atol=1e-14)
    np.testing.assert_array_equal(points(figure)["data y"], np.hstack([x, y]))


def test_the_line_reaches_beyond_the_data_and_meets_every_sample():
    x = column(np.random.default_rng(0).normal(size=30))
    figure = prediction(line_of(1.0), x, x)
    drawn = lines(figure)["prediction ŷ"][:, 0]
    assert drawn[0] < x.min() < x.max() < drawn[-1]
    assert np.all(np.isin(x, drawn))
    assert figure.axes[0].get_xlim() == (drawn[0], drawn[-1])


def test_a_peak_at_a_single_sample_is_not_missed():
    # A triangle of height 1 and width 2e-6 around 1/3: between any two points of an even line.
    width = 1e-6
    corners = np.array([-width, 0.0, width]) + 1.0 / 3.0
    network = NeuralNetwork.from_parameters(
        [np.ones((3, 1)), [[1.0 / width, -2.0 / width, 1.0 / width]]],
        [-corners, [0.0]],
        ["relu", "identity"],
    )
    x = column([-10.0, 1.0 / 3.0, 10.0])
    line = lines(prediction(network, x, x))["prediction ŷ"]
    assert line[:, 1].max() == pytest.approx(1.0, rel=1e-6)


def test_several_outputs_are_told_apart():
    x = column(np.linspace(0.0, 1.0, 9))
    network = NeuralNetwork.from_sizes((1, 3), "tanh", np.random.default_rng(0))
    figure = prediction(network, x, np.hstack([x, 2 * x, 3 * x]))
    assert set(lines(figure)) == {"prediction ŷ 1", "prediction ŷ 2", "prediction ŷ 3"}
    np.testing.assert_array_equal(points(figure)["data y 3"], np.hstack([x, 3 * x]))


def test_of_many_outputs_the_first_seven_are_drawn():
    x = column([0.0, 1.0])
    network = NeuralNetwork.from_sizes((1, 50), "tanh", np.random.default_rng(0))
    figure = prediction(network, x, np.zeros((2, 50)))
    assert len(lines(figure)) == 7
    render(figure, "png")


@pytest.mark.parametrize(
    "x", [[0.3], [2.0, 2.0, 2.0], [0.0], [1e99, -1e99], [1e-200, 2e-200], [1e15, 1e15 + 1.0]]
)
@pytest.mark.parametrize("slope", [0.0, 1.0])
def test_any_data_can_be_drawn_without_a_warning(x, slope):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = prediction(line_of(slope), column(x), column(x))
        render(figure, "png")
        render(figure, "svg")


def test_many_samples_are_thinned_to_two_thousand():
    x = column(np.linspace(0.0, 1.0, 30_000))
    assert len(points(prediction(line_of(1.0), x, x))["data y"]) == 2_000


def test_a_network_with_two_inputs_has_no_curve():
    network = NeuralNetwork.from_sizes((2, 1), "sigmoid")
    with pytest.raises(ShapeMismatch, match="needs 1 input, but the network has 2"):
        prediction(network, column([1.0]), column([1.0]))


def test_targets_of_another_width_are_refused():
    with pytest.raises(
        ShapeMismatch, match="y has 2 numbers per sample, but the network has 1 output"
    ):
        prediction(line_of(1.0), column([1.0]), np.zeros((1, 2)))


def test_values_beyond_the_arithmetic_of_drawing_are_refused():
    with pytest.raises(OutOfDomain, match=r"y reaches 1e\+150; pictures end at 1e\+100"):
        prediction(line_of(1.0), column([0.0, 1.0]), column([0.0, 1e150]))
