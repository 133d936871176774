"""The exercise sheet's Task 5, with every digit it prints, and Task 6's class."""

import numpy as np
import pytest

from core import NeuralNetwork

WEIGHTS = ([[0.1, -0.2], [-0.4, -0.8], [0.6, 0.6]], [[0.4, 0.2, 0.2], [0.1, 0.3, 0.5]])
BIASES = ([0.2, -0.4, 0.4], [-0.6, 0.5])


@pytest.fixture
def network() -> NeuralNetwork:
    return NeuralNetwork.from_parameters(WEIGHTS, BIASES, "sigmoid")


@pytest.mark.parametrize(
    ("quantity", "printed", "decimals"),
    [
        (lambda b: b.trace.s[0], [-0.1, -2.4, 2.2], 1),
        (lambda b: b.trace.x[1], [0.48, 0.08, 0.90], 2),
        (lambda b: b.trace.x[2], [0.45, 0.74], 2),
        (lambda b: b.trace.x[2] - [0.0, 1.0], [0.45, -0.26], 2),
        (lambda b: b.trace.x[2] * (1 - b.trace.x[2]), [0.25, 0.19], 2),
        (lambda b: b.gradients[1].weights, [[0.05, 0.01, 0.10], [-0.02, -0.00, -0.05]], 2),
        (lambda b: b.gradients[1].biases, [0.11, -0.05], 2),
        (
            lambda b: b.gradients[0].weights,
            [[0.010, 0.019], [0.001, 0.001], [-0.000, -0.001]],
            3,
        ),
        (lambda b: b.gradients[0].biases, [0.010, 0.001, -0.000], 3),
    ],
)
def test_every_digit_printed_on_the_sheet_comes_out(network, quantity, printed, decimals):
    computed = np.squeeze(quantity(network.backprop([1.0, 2.0], [0.0, 1.0])))
    np.testing.assert_array_equal(np.round(computed, decimals), printed)


def test_initial_weights_have_the_variance_of_the_sheet_and_biases_are_zero():
    network = NeuralNetwork.from_sizes((300, 200, 100), "relu", np.random.default_rng(1))
    for layer in network.layers:
        # The sample variance of n normal numbers has the relative standard deviation sqrt(2 / n).
        expected = 2.0 / (layer.d_in + layer.d_out)
        tolerance = 5.0 * np.sqrt(2.0 / layer.weights.size)
        assert layer.weights.var() == pytest.approx(expected, rel=tolerance)
        assert not layer.biases.any()


def test_a_step_of_training_by_hand():
    # One logistic unit, w = 2, b = -1, x = 1, y = 0, eta = 0.5, E = (x1 - y)^2 / 2:
    #   s = 1    x1 = 0.731059    delta = (x1 - y) x1 (1 - x1) = 0.143735
    #   w <- 2 - 0.5 * 0.143735 = 1.928133    b <- -1 - 0.5 * 0.143735 = -1.071867
    unit = NeuralNetwork.from_parameters([[[2.0]]], [[-1.0]])
    (layer,) = unit.train([1.0], [0.0], eta=0.5, iterations=1).layers
    assert layer.weights[0, 0] == pytest.approx(1.928133, abs=5e-7)
    assert layer.biases[0] == pytest.approx(-1.071867, abs=5e-7)
