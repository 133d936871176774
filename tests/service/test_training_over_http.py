"""A training in the background is the training of the sheet: the core's, and a naive one."""

import numpy as np
import pytest

from core import NeuralNetwork
from core.nn.losses import LOSSES
from core.training.optimizers import OPTIMIZERS

SIZES = (2, 5, 1)
NAMES = ("tanh", "sigmoid")


@pytest.fixture(scope="module")
def begin():
    return NeuralNetwork.from_sizes(SIZES, NAMES, np.random.default_rng(3))


@pytest.fixture(scope="module")
def data():
    generator = np.random.default_rng(4)
    x = generator.normal(size=(20, 2))
    return x, (x[:, :1] * x[:, 1:] > 0).astype(float)


def parameters(layers):
    return [np.array(one[key]) for one in layers for key in ("weights", "biases")]


def as_json(network):
    return {
        "layers": [
            {"weights": w.weights.tolist(), "biases": w.biases.tolist(), "activation": name}
            for w, name in zip(network.layers, NAMES, strict=True)
        ]
    }


def trained(client, network, data, **changes):
    x, y = data
    question = {"network": as_json(network), "data": {"x": x.tolist(), "y": y.tolist()}}
    path = client.post("/train", json=question | changes).headers["Location"]
    job = client.ended(path)
    assert job["state"] == "succeeded", job
    return parameters(client.get(path + "/network").json()["layers"])


def naive(network, data, eta, iterations):
    """Batch gradient descent on the mean of ½ Σ (ŷ − y)², as a student writes it."""
    x, y = data
    w1, b1, w2, b2 = (
        parameter.copy() for layer in network.layers for parameter in (layer.weights, layer.biases)
    )
    for _ in range(iterations):
        x1 = np.tanh(x @ w1.T + b1)
        x2 = 1.0 / (1.0 + np.exp(-(x1 @ w2.T + b2)))
        delta2 = (x2 - y) * x2 * (1.0 - x2) / len(x)
        delta1 = (delta2 @ w2) * (1.0 - x1**2)
        w2 -= eta * delta2.T @ x1
        b2 -= eta * delta2.sum(axis=0)
        w1 -= eta * delta1.T @ x
        b1 -= eta * delta1.sum(axis=0)
    return [w1, b1, w2, b2]


@pytest.mark.parametrize("iterations", [1, 500])
def test_gradient_descent_is_the_naive_one(client, begin, data, iterations):
    found = trained(client, begin, data, eta=0.5, iterations=iterations)
    for mine, theirs in zip(found, naive(begin, data, 0.5, iterations), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", ["squared", "binary_cross_entropy"])
def test_every_optimizer_and_loss_is_the_core_s(client, begin, data, optimizer, loss):
    found = trained(client, begin, data, eta=0.05, iterations=200, optimizer=optimizer, loss=loss)
    network = begin.train(
        *data, iterations=200, loss=LOSSES[loss], optimizer=OPTIMIZERS[optimizer](eta=0.05)
    )
    expected = [p for layer in network.layers for p in (layer.weights, layer.biases)]
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, atol=1e-12)


def test_the_parameters_of_an_optimizer_reach_it(client, begin, data):
    by_name = trained(client, begin, data, optimizer="adam", iterations=20)
    spelled_out = {"name": "adam", "beta1": 0.9, "beta2": 0.999}
    by_form = trained(client, begin, data, optimizer=spelled_out, iterations=20)
    other = trained(client, begin, data, optimizer={"name": "adam", "beta1": 0.5}, iterations=20)
    for mine, theirs, different in zip(by_name, by_form, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert (mine != different).any()


def test_an_architecture_is_drawn_as_the_core_draws_it(client, data):
    x, y = data
    question = {
        "architecture": {"sizes": list(SIZES), "activations": list(NAMES), "seed": 7},
        "data": {"x": x.tolist(), "y": y.tolist()},
        "iterations": 1,
        "eta": 1e-300,  # a step that no number but 0 notices
    }
    path = client.post("/train", json=question).headers["Location"]
    client.ended(path)
    found = parameters(client.get(path + "/network").json()["layers"])
    network = NeuralNetwork.from_sizes(SIZES, NAMES, np.random.default_rng(7))
    expected = [p for layer in network.layers for p in (layer.weights, layer.biases)]
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-299)


def test_the_same_question_gives_the_same_network_to_the_last_bit(client, begin, data):
    question = {"iterations": 50, "batch_size": 7, "seed": 5, "validation_fraction": 0.2}
    first, second = (trained(client, begin, data, **question) for _ in range(2))
    other = trained(client, begin, data, **(question | {"seed": 6}))
    for mine, again, different in zip(first, second, other, strict=True):
        np.testing.assert_array_equal(mine, again)
        assert (mine != different).any()


def test_single_precision_stays_single(client, begin, data):
    found = trained(client, begin, data, eta=0.5, iterations=100, precision="float32")
    for mine, theirs in zip(found, naive(begin, data, 0.5, 100), strict=True):
        # The answer has the fewest digits that distinguish a number of 24 bits from its neighbours.
        assert [float(str(np.float32(one))) for one in mine.flat] == mine.flatten().tolist()
        # 100 steps of a dozen roundings each, were they all to add up.
        np.testing.assert_allclose(mine, theirs, atol=1200 * 2.0**-24)
