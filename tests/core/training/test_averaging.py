"""The network of an ensemble gives the mean of its members."""

import numpy as np
import pytest

from core.neural_network import NeuralNetwork
from core.training.ensemble.averaging import averaged_network, merged_sizes


@pytest.mark.parametrize("last", ["identity", "softmax", "sigmoid"])
@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (3, 4, 5, 2)])
def test_the_last_pre_activation_is_the_mean(last, sizes):
    generator = np.random.default_rng(4)
    names = [*["tanh"] * (len(sizes) - 2), last]
    members = [NeuralNetwork.from_sizes(sizes, names, generator) for _ in range(5)]
    merged = NeuralNetwork(averaged_network([one.layers for one in members]))
    assert merged.sizes == merged_sizes(sizes, 5)
    x = generator.normal(size=(7, 3))
    expected = np.mean([one.forward(x).s[-1] for one in members], axis=0)
    np.testing.assert_allclose(merged.forward(x).s[-1], expected, rtol=1e-12, atol=1e-14)
    if last == "identity":
        outputs = np.mean([one.forward(x).output for one in members], axis=0)
        np.testing.assert_allclose(merged.forward(x).output, outputs, rtol=1e-12, atol=1e-14)
