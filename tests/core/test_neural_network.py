"""The sheet's class: what fits is a network, what does not fit is named."""

import numpy as np
import pytest
import sklearn.neural_network
from hypothesis import given
from random_networks import EVERY, HIDDEN, SEEDS, SIZES, question

from core import NeuralNetwork
from core.errors import MathematicalError, NotFinite, ShapeMismatch, UnknownName
from core.nn.activations import ACTIVATIONS

W = [[0.1, -0.2], [-0.4, -0.8], [0.6, 0.6]]
V = [[0.4, 0.2, 0.2], [0.1, 0.3, 0.5]]


def network(weights=(W, V), biases=([0.2, -0.4, 0.4], [-0.6, 0.5]), activations="sigmoid"):
    return NeuralNetwork.from_parameters(weights, biases, activations)


@given(sizes=SIZES, seed=SEEDS)
def test_the_forward_pass_is_the_sheets_for_every_sample(sizes, seed):
    asked = question("tanh", "sigmoid", "squared", sizes=sizes, seed=seed)
    trace = asked.network.forward(asked.x)
    for row, x in enumerate(asked.x):
        for layer, s, below, above in zip(
            asked.network.layers, trace.s, trace.x[:-1], trace.x[1:], strict=True
        ):
            np.testing.assert_array_equal(below[row], x)
            np.testing.assert_allclose(s[row], layer.weights @ x + layer.biases, atol=1e-14)
            np.testing.assert_array_equal(above[row], layer.activation.value(s)[row])
            x = above[row]
    np.testing.assert_array_equal(trace.output, trace.x[-1])


@pytest.mark.parametrize(("hidden", "theirs"), [("sigmoid", "logistic"), ("relu", "relu")])
def test_the_output_is_scikit_learns(hidden, theirs):
    asked = question(hidden, "identity", "squared", sizes=(3, 5, 4, 2))
    peer = sklearn.neural_network.MLPRegressor(
        hidden_layer_sizes=(5, 4), activation=theirs, max_iter=1
    )
    with pytest.warns(sklearn.exceptions.ConvergenceWarning):
        peer.fit(asked.x, asked.y)
    peer.coefs_ = [layer.weights.T for layer in asked.network.layers]
    peer.intercepts_ = [layer.biases for layer in asked.network.layers]
    np.testing.assert_allclose(
        asked.network.forward(asked.x).output, peer.predict(asked.x), rtol=1e-12
    )


def test_one_sample_may_come_without_its_axis():
    np.testing.assert_array_equal(
        network().forward([1.0, 2.0]).output, network().forward([[1.0, 2.0]]).output
    )


@pytest.mark.parametrize("name", EVERY)
def test_every_activation_may_be_last_and_only_those_without_coupling_below(name):
    NeuralNetwork.from_sizes((2, 3), name, np.random.default_rng(0))
    if name in HIDDEN:
        NeuralNetwork.from_sizes((2, 3, 2), name, np.random.default_rng(0))
        return
    assert ACTIVATIONS[name].couples_units
    with pytest.raises(ShapeMismatch, match="layer 1: softmax may only be") as e:
        NeuralNetwork.from_sizes((2, 3, 2), name, np.random.default_rng(0))
    assert e.value.place == ("network", "layers", 0, "activation")


@pytest.mark.parametrize(
    ("question", "sentence", "place"),
    [
        (
            {"weights": (W, [[1.0, 2.0]]), "biases": ([0.0] * 3, [0.0])},
            "layer 2: weights are 1 × 2, but layer 1 has 3 outputs",
            ("network", "layers", 1, "weights"),
        ),
        (
            {"biases": ([0.2, -0.4], [-0.6, 0.5])},
            "layer 1: got 2 biases, but weights has 3 rows",
            ("network", "layers", 0, "biases"),
        ),
        (
            {"weights": (W, [[], []])},
            "layer 2: weights are 2 × 0",
            ("network", "layers", 1, "weights"),
        ),
        (
            {"weights": (W,)},
            "got 1 array of weights, 2 of biases and 1 activation; expected one of each per layer",
            ("network", "layers"),
        ),
        (
            {"activations": ["sigmoid"]},
            "got 2 arrays of weights, 2 of biases and 1 activation; expected one of each per layer",
            ("network", "layers"),
        ),
        (
            {"weights": (), "biases": (), "activations": ()},
            "a network has at least one layer",
            ("network", "layers"),
        ),
    ],
)
def test_parameters_that_do_not_fit_are_named(question, sentence, place):
    with pytest.raises(ShapeMismatch) as refusal:
        network(**question)
    assert refusal.value.detail == sentence
    assert refusal.value.place == place


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_parameter_that_is_no_number_is_named(number):
    with pytest.raises(NotFinite, match=rf"layer 1: weights\[2, 1\] is {number}") as refusal:
        network(weights=([*W[:2], [0.6, number]], V))
    assert refusal.value.place == ("network", "layers", 0, "weights")
    with pytest.raises(NotFinite, match=rf"layer 2: biases\[1\] is {number}") as refusal:
        network(biases=([0.0] * 3, [0.0, number]))
    assert refusal.value.place == ("network", "layers", 1, "biases")


def test_an_unknown_activation_is_named_with_its_layer():
    with pytest.raises(UnknownName, match="layer 2: there is no activation 'swish'") as refusal:
        network(activations=["sigmoid", "swish"])
    assert refusal.value.place[:3] == ("network", "layers", 1)


@pytest.mark.parametrize(
    ("x", "sentence"),
    [
        (
            [1.0, 2.0, 3.0],
            'x has 3 numbers per sample, expected 2; transposed: did you mean "layout": "rows"?',
        ),
        (
            [[1.0], [2.0]],
            "x has 1 number per sample, expected 2; "
            'if a column of the weights is the bias, say "bias": "first" or "last"',
        ),
        (np.zeros((1, 1, 2)), "x has 3 axes, expected 1 or 2"),
        (np.float64(1.0), "x has 0 axes, expected 1 or 2"),
        (np.zeros((0, 2)), "x has no samples"),
    ],
)
def test_samples_of_the_wrong_shape_are_named(x, sentence):
    x = np.asarray(x)
    for ask in (network().forward, lambda x: network().backprop(x, [0.0, 1.0])):
        with pytest.raises(ShapeMismatch) as refusal:
            ask(x)
        assert refusal.value.detail == sentence
        assert refusal.value.place == ("x",)
    if "numbers per sample" in sentence:
        with pytest.raises(ShapeMismatch) as refusal:
            network().backprop([1.0, 2.0], x)
        assert refusal.value.place == ("y",)


@given(sizes=SIZES, seed=SEEDS)
def test_a_seed_determines_a_network_of_the_sizes_asked_for(sizes, seed):
    once, again = (
        NeuralNetwork.from_sizes(sizes, "relu", np.random.default_rng(seed)) for _ in range(2)
    )
    assert once.sizes == sizes
    for one, other in zip(once.layers, again.layers, strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.biases, other.biases)


@pytest.mark.parametrize(
    ("sizes", "activations", "sentence", "place"),
    [
        ((2, 3, 1), ["relu"], "got 1 activation for 2 layers", ("activations",)),
        ((2,), "relu", "a network has at least two sizes, its input and one layer", ("sizes",)),
        ((2, 0, 1), "relu", "sizes[1] is 0, but a layer has at least one unit", ("sizes", 1)),
    ],
)
def test_an_architecture_that_makes_no_network_is_named(sizes, activations, sentence, place):
    with pytest.raises(MathematicalError) as refusal:
        NeuralNetwork.from_sizes(sizes, activations)
    assert refusal.value.detail == sentence
    assert refusal.value.place == ("architecture", *place)


def test_a_network_may_be_computed_in_single_precision():
    trace = network().astype(np.float32).forward([1.0, 2.0])
    assert {array.dtype for array in (*trace.s, *trace.x)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(trace.output, network().forward([1.0, 2.0]).output, rtol=1e-6)
