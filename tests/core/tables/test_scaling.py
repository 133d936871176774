"""Scaling as scikit-learn does it, and networks that have it folded in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import RobustScaler, StandardScaler

from core.neural_network import NeuralNetwork
from core.tables.scaling import Scaling, robust_scaling, standard_scaling

X = np.random.default_rng(3).normal(5.0, [1e-3, 40.0, 1.0], size=(57, 3))


def test_standard_scaling_is_that_of_scikit_learn():
    scaler = StandardScaler().fit(X)
    shift, scale = standard_scaling(X)
    np.testing.assert_allclose(shift, scaler.mean_, rtol=1e-12)
    np.testing.assert_allclose(scale, scaler.scale_, rtol=1e-9)


def test_robust_scaling_is_that_of_scikit_learn():
    scaler = RobustScaler().fit(X)
    shift, scale = robust_scaling(X)
    np.testing.assert_allclose(shift, scaler.center_, rtol=1e-12)
    np.testing.assert_allclose(scale, scaler.scale_, rtol=1e-12)


@pytest.mark.parametrize("scaling", [standard_scaling, robust_scaling])
def test_a_constant_column_is_shifted_and_not_divided(scaling):
    shift, scale = scaling(np.full((4, 1), 7.0))
    assert (shift, scale) == (7.0, 1.0)


def test_a_column_that_is_nearly_constant_is_scaled_by_half_its_range():
    _, scale = robust_scaling(np.array([[0.0]] * 9 + [[4.0]]))
    assert scale == 2.0


@given(st.integers(0, 2**32), st.sampled_from(["tanh", "relu", "sigmoid"]))
def test_the_folded_network_takes_numbers_as_they_are(seed, activation):
    generator = np.random.default_rng(seed)
    network = NeuralNetwork.from_sizes((3, 4, 2), [activation, "identity"], generator)
    x = generator.normal(size=(6, 3)) * 100
    scaling = Scaling(*(tuple(values) for values in standard_scaling(x)), (1.0, -30.0), (0.25, 1e3))
    folded = NeuralNetwork(scaling.fold(network.layers))
    expected = network.forward(scaling.scale_x(x)).output
    np.testing.assert_allclose(scaling.scale_y(folded.forward(x).output), expected, atol=1e-9)
    back = scaling.unfold(folded.layers)
    for layer, again in zip(network.layers, back, strict=True):
        np.testing.assert_allclose(again.weights, layer.weights, rtol=1e-12)
        np.testing.assert_allclose(again.biases, layer.biases, atol=1e-9)
