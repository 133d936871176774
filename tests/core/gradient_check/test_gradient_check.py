"""Right gradients pass, a wrong one is found where it is, and kinks are named."""

from dataclasses import replace

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, SIZES, is_well_conditioned, question

from core.gradient_check.check import NonSmoothUnit, gradient_check
from core.gradient_check.numerical_gradient import (
    ACTIVATION_OPERATIONS,
    gradient_check_operations,
    numerical_gradients,
)
from core.neural_network import NeuralNetwork
from core.nn.backprop import LayerGradient
from core.nn.losses import SQUARED

TOLERANCE = 1e-12


def checked(asked, reduction="mean", plant=None):
    backpropagation = asked.network.backprop(asked.x, asked.y, asked.loss, reduction)
    if plant is not None:
        backpropagation = replace(backpropagation, gradients=plant(backpropagation.gradients))
    return gradient_check(
        asked.network.layers, asked.x, asked.y, asked.loss, backpropagation, reduction
    )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_right_gradients_differ_from_the_numerical_ones_by_rounding(combination, reduction):
    check = checked(question(*combination, sizes=(3, 5, 4, 2)), reduction)
    assert check.method == "complex_step"
    assert check.max_relative_error < TOLERANCE
    assert check.compared == 5 * 4 + 4 * 6 + 2 * 5


@given(combination=st.sampled_from(COMBINATIONS), sizes=SIZES, seed=SEEDS)
def test_right_gradients_pass_in_networks_of_any_shape(combination, sizes, seed):
    asked = question(*combination, sizes=sizes, seed=seed)
    assume(is_well_conditioned(asked))
    check = checked(asked)
    assert check.max_relative_error < 10 * TOLERANCE


@given(
    combination=st.sampled_from(COMBINATIONS),
    reduction=st.sampled_from(["mean", "sum", "none"]),
    layer=st.integers(0, 2),
    of_weights=st.booleans(),
    seed=SEEDS,
)
def test_a_planted_error_is_found_at_its_place(combination, reduction, layer, of_weights, seed):
    asked = question(*combination, sizes=(3, 5, 4, 2), seed=seed)
    generator = np.random.default_rng(seed)

    def plant(gradients):
        chosen = gradients[layer]
        right = chosen.weights if of_weights else chosen.biases
        size = 2 if of_weights else 1
        index = tuple(int(generator.integers(n)) for n in right.shape[-size:])
        plant.index = index
        wrong = right.copy()
        # Half of the largest gradient of all, so that it is more than the floor can hide.
        largest = max(np.abs(one.weights).max() for one in gradients)
        wrong[(..., *index)] += 0.5 * largest + 1e-3
        planted = {"weights" if of_weights else "biases": wrong}
        return (*gradients[:layer], replace(chosen, **planted), *gradients[layer + 1 :])

    check = checked(asked, reduction, plant)
    assert check.max_relative_error > 1e-6
    assert check.layer == layer
    assert check.parameter == ("weights" if of_weights else "biases")
    assert check.index == plant.index


def test_a_transposed_factor_in_the_chain_rule_is_found():
    asked = question("tanh", "identity", "squared", sizes=(2, 3, 3, 2))

    def plant(gradients):
        middle = gradients[1]
        swapped = LayerGradient(weights=middle.weights.T.copy(), biases=middle.biases)
        return (gradients[0], swapped, gradients[2])

    check = checked(asked, plant=plant)
    assert check.max_relative_error > 0.01
    assert (check.layer, check.parameter) == (1, "weights")


def test_relus_on_their_kink_are_reported_and_do_not_count():
    # s^(1) of sample 0 is (1 - 1, 1 + 1) = (0, 2), of sample 1 (3, 3).
    network = NeuralNetwork.from_parameters(
        [[[1.0, -1.0], [1.0, 1.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.5]], ["relu", "identity"]
    )
    x, y = np.array([[1.0, 1.0], [3.0, 0.0]]), np.array([[1.0], [0.0]])
    backpropagation = network.backprop(x, y)
    check = gradient_check(network.layers, x, y, SQUARED, backpropagation)
    assert check.kinks == (NonSmoothUnit(layer=0, unit=0, sample=0),)
    assert check.max_relative_error < 1e-9
    # Sample 1 still counts for the unit on the kink.
    assert check.compared == 9


def test_a_parameter_whose_every_sample_is_at_a_kink_is_not_compared():
    network = NeuralNetwork.from_parameters(
        [[[0.0], [1.0]], [[1.0, 1.0]]], [[0.0, 1.0], [0.5]], ["relu", "identity"]
    )
    x, y = np.array([[1.0]]), np.array([[1.0]])
    check = gradient_check(network.layers, x, y, SQUARED, network.backprop(x, y))
    assert check.kinks == (NonSmoothUnit(layer=0, unit=0, sample=0),)
    assert check.compared == 7 - 2


def test_the_kink_of_a_layer_above_is_found_too():
    # s^(1) = 1 and s^(2) = 1 - 1 = 0: whatever is perturbed below, unit 0 of layer 2 crosses.
    network = NeuralNetwork.from_parameters(
        [[[1.0]], [[1.0]], [[1.0]]], [[0.0], [-1.0], [0.5]], ["sigmoid", "relu", "identity"]
    )
    below = network.layers[0].activation.value(np.array([1.0]))[0]
    network = NeuralNetwork.from_parameters(
        [[[1.0]], [[1.0]], [[1.0]]], [[0.0], [-below], [0.5]], ["sigmoid", "relu", "identity"]
    )
    x, y = np.array([[1.0]]), np.array([[1.0]])
    check = gradient_check(network.layers, x, y, SQUARED, network.backprop(x, y))
    assert check.kinks == (NonSmoothUnit(layer=1, unit=0, sample=0),)
    assert check.compared == 2


@given(scale=st.sampled_from([1e-8, 1e-3, 1e3, 1e8]), seed=SEEDS)
def test_the_scale_of_an_input_changes_nothing(scale, seed):
    # The input's scale is taken out again by the weights, so that s is what it was.
    asked = question("relu", "sigmoid", "squared", seed=seed)
    first, *others = asked.network.layers
    layers = (replace(first, weights=first.weights / scale), *others)
    scaled = replace(asked, network=NeuralNetwork(layers), x=asked.x * scale)
    assert checked(scaled).max_relative_error < 1e-9

    def plant(gradients):
        wrong = gradients[0].weights.copy()
        wrong[1, 2] += 0.1 * scale
        return (replace(gradients[0], weights=wrong), gradients[1])

    check = checked(scaled, plant=plant)
    assert check.max_relative_error > 0.01
    assert (check.layer, check.parameter, check.index) == (0, "weights", (1, 2))


def test_a_large_question_is_worked_through_in_blocks(monkeypatch):
    asked = question("tanh", "softmax", "cross_entropy", sizes=(3, 5, 4, 2))
    delta = asked.network.backprop(asked.x, asked.y, asked.loss).delta
    whole = numerical_gradients(asked.network.layers, asked.x, asked.y, asked.loss, delta)
    monkeypatch.setattr("core.gradient_check.numerical_gradient.STACK", 1)
    single = numerical_gradients(asked.network.layers, asked.x, asked.y, asked.loss, delta)
    for one, other in zip(whole, single, strict=True):
        np.testing.assert_allclose(one.value, other.value, rtol=1e-13, atol=1e-16)


def test_float32_gradients_show_their_own_rounding_and_no_more():
    asked = question("tanh", "sigmoid", "squared")
    single = replace(
        asked,
        network=asked.network.astype(np.float32),
        x=asked.x.astype(np.float32),
        y=asked.y.astype(np.float32),
    )
    check = checked(single)
    assert 1e-9 < check.max_relative_error < 1e3 * np.finfo(np.float32).eps


def test_the_cost_counts_every_parameter_on_every_sample_twice():
    # 2-3-2: each of 9 + 8 parameters moves one unit, and both outputs above it or beside it.
    of_one = 2 * 2 + ACTIVATION_OPERATIONS * (1 + 2)
    assert gradient_check_operations((2, 3, 2), samples=10) == 2 * 10 * 17 * of_one
    # 1-1-2-3: one unit moves two, and they move three.
    of_first = 2 * (2 + 2 * 3) + ACTIVATION_OPERATIONS * (1 + 2 + 3)
    of_second, of_third = (2 * 3 + ACTIVATION_OPERATIONS * (1 + 3) for _ in range(2))
    expected = 2 * (2 * of_first + 4 * of_second + 9 * of_third)
    assert gradient_check_operations((1, 1, 2, 3), samples=1) == expected


def test_the_numerical_gradient_is_autograds_at_the_sheets_own_network():
    asked = question("sigmoid", "sigmoid", "squared", sizes=(2, 3, 2), samples=1)
    top = asked.network.layers[1]
    below = asked.network.forward(asked.x).x[1]

    def top_loss(weights):
        s = anp.dot(below, weights.T) + top.biases
        return 0.5 * anp.sum((1.0 / (1.0 + anp.exp(-s)) - asked.y) ** 2)

    delta = asked.network.backprop(asked.x, asked.y).delta
    _, numerical = numerical_gradients(asked.network.layers, asked.x, asked.y, asked.loss, delta)
    np.testing.assert_allclose(numerical.value[:, :-1], grad(top_loss)(top.weights), rtol=1e-13)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus", "identity", "relu"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_loss_of_zero_has_gradients_of_zero_and_no_error(activation, dtype):
    # The perturbed E of tanh is 1e-18 off, which was called wholly different from 0.
    network = NeuralNetwork.from_parameters([[[1.0, 1.0]]], [[0.0]], [activation], dtype=dtype)
    x = np.array([[1.0, 2.0]], dtype)
    y = network.forward(x).output
    result = network.backprop(x, y)
    assert result.loss == 0.0
    check = gradient_check(network.layers, x, y, SQUARED, result)
    assert (check.max_relative_error, check.compared) == (0.0, 3)
    wrong = replace(
        result, gradients=tuple(LayerGradient(g.weights + 1, g.biases) for g in result.gradients)
    )
    found = gradient_check(network.layers, x, y, SQUARED, wrong)
    assert found.parameter == "weights"
    assert found.max_relative_error > 0.99
