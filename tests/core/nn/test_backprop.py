"""Backpropagation is the chain rule, and says so where a number has left the floats."""

import autograd_network
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, HIDDEN, SEEDS, SIZES, is_well_conditioned, question

from core.errors import NotFinite, OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.nn.losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, LOSSES, SQUARED

REDUCTIONS = ["mean", "sum", "none"]


def in_turns(reductions):
    """Every combination with one of the reductions, each activation with all of them."""
    return [
        (combination, reductions[(number + number // len(HIDDEN)) % len(reductions)])
        for number, combination in enumerate(COMBINATIONS)
    ]


def flat(backpropagation):
    return [part for one in backpropagation.gradients for part in (one.weights, one.biases)] + [
        backpropagation.x_gradient
    ]


def assert_same_gradients(computed, expected):
    # Two ways to one number differ by rounding, which is relative to the largest of its terms.
    largest = max(np.abs(one).max() for one in expected)
    for ours, theirs in zip(computed, expected, strict=True):
        assert ours.shape == theirs.shape
        # Two saturated units in a row leave the product of two roundings, times their weights.
        saturated = 64 * np.finfo(float).eps ** 2
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * largest + saturated)


@pytest.mark.parametrize(("combination", "reduction"), in_turns(["mean", "sum"]))
def test_gradients_of_every_combination_are_autograds(combination, reduction):
    asked = question(*combination, sizes=(3, 5, 4, 2))
    computed = asked.network.backprop(asked.x, asked.y, asked.loss, reduction)
    arguments = asked.network, asked.x, asked.y, asked.loss.name, reduction
    assert_same_gradients(flat(computed), autograd_network.gradients(*arguments))


@given(
    combination=st.sampled_from(COMBINATIONS),
    reduction=st.sampled_from(["mean", "sum"]),
    sizes=SIZES,
    samples=st.integers(1, 6),
    seed=SEEDS,
)
def test_gradients_of_networks_of_any_shape_are_autograds(
    combination, reduction, sizes, samples, seed
):
    asked = question(*combination, sizes=sizes, samples=samples, seed=seed)
    assume(is_well_conditioned(asked))
    computed = asked.network.backprop(asked.x, asked.y, asked.loss, reduction)
    arguments = asked.network, asked.x, asked.y, asked.loss.name, reduction
    assert_same_gradients(flat(computed), autograd_network.gradients(*arguments))


@given(combination=st.sampled_from(COMBINATIONS), samples=st.integers(1, 5), seed=SEEDS)
def test_the_reductions_are_one_gradient_summed_averaged_or_left(combination, samples, seed):
    asked = question(*combination, samples=samples, seed=seed)
    mean, total, each = (
        asked.network.backprop(asked.x, asked.y, asked.loss, reduction) for reduction in REDUCTIONS
    )
    np.testing.assert_allclose(total.loss, samples * mean.loss, rtol=1e-14)
    np.testing.assert_allclose(total.loss, each.loss.sum(), rtol=1e-14)
    assert_same_gradients(flat(total), [samples * one for one in flat(mean)])
    assert_same_gradients(flat(total)[:-1], [one.sum(axis=0) for one in flat(each)[:-1]])
    np.testing.assert_array_equal(total.x_gradient, each.x_gradient)


@given(combination=st.sampled_from(COMBINATIONS), seed=SEEDS)
def test_delta_belongs_to_the_sample_alone(combination, seed):
    asked = question(*combination, samples=4, seed=seed)
    together = asked.network.backprop(asked.x, asked.y, asked.loss, "mean")
    for row in range(4):
        alone = asked.network.backprop(asked.x[row], asked.y[row], asked.loss, "sum")
        for ours, theirs in zip(together.delta, alone.delta, strict=True):
            np.testing.assert_allclose(ours[row], theirs[0], rtol=1e-12, atol=1e-15)


@given(combination=st.sampled_from(COMBINATIONS), seed=SEEDS)
def test_with_reduction_none_the_gradient_is_the_outer_product_of_the_sheet(combination, seed):
    asked = question(*combination, samples=3, seed=seed)
    each = asked.network.backprop(asked.x, asked.y, asked.loss, "none")
    for delta, x_below, one in zip(each.delta, each.trace.x, each.gradients, strict=False):
        for row in range(3):
            np.testing.assert_array_equal(one.weights[row], np.outer(delta[row], x_below[row]))
        np.testing.assert_array_equal(one.biases, delta)


@pytest.mark.parametrize(("combination", "reduction"), in_turns(REDUCTIONS))
def test_float32_stays_float32_and_agrees_to_its_precision(combination, reduction):
    asked = question(*combination, sizes=(3, 5, 4, 2))
    double = asked.network.backprop(asked.x, asked.y, asked.loss, reduction)
    single = asked.network.astype(np.float32).backprop(asked.x, asked.y, asked.loss, reduction)
    arrays = [*flat(single), *single.delta, *single.trace.s, *single.trace.x]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert single.loss.dtype == np.float32
    largest = max(np.abs(one).max() for one in flat(double))
    for ours, theirs in zip(flat(single), flat(double), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5 * largest)


def test_the_slope_of_relu_at_its_kink_is_zero():
    # s = 2 - 2 = 0 exactly: no error passes, neither to the weight nor to the input.
    unit = NeuralNetwork.from_parameters([[[2.0]]], [[-2.0]], "relu")
    result = unit.backprop([1.0], [1.0])
    assert result.loss == 0.5
    np.testing.assert_array_equal(result.delta[0], 0.0)
    np.testing.assert_array_equal(result.x_gradient, 0.0)


@pytest.mark.parametrize(
    ("s", "y", "loss", "delta"),
    # -y log σ(s) - (1 - y) log(1 - σ(s)): 0 where s has the sign of y, |s| where it has not.
    [
        (1000.0, 1.0, 0.0, 0.0),
        (1000.0, 0.0, 1000.0, 1.0),
        (-1000.0, 1.0, 1000.0, -1.0),
        (-1000.0, 0.0, 0.0, 0.0),
        (1000.0, 0.25, 750.0, 0.75),
    ],
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_with_binary_cross_entropy_is_exact_at_a_thousand(s, y, loss, delta, dtype):
    unit = NeuralNetwork.from_parameters([[[1.0]]], [[0.0]], "sigmoid").astype(dtype)
    result = unit.backprop([s], [y], BINARY_CROSS_ENTROPY)
    assert result.loss == loss
    np.testing.assert_array_equal(result.delta[0], delta)


def test_softmax_with_cross_entropy_is_exact_at_a_thousand():
    layer = NeuralNetwork.from_parameters([[[1.0], [0.0], [-1.0]]], [[0.0] * 3], "softmax")
    result = layer.backprop([1000.0], [0.0, 1.0, 0.0], CROSS_ENTROPY)
    assert result.loss == 1000.0
    np.testing.assert_array_equal(result.delta[0], [[1.0, -1.0, 0.0]])


def unit(activation="identity", weight=1.0, bias=0.0):
    return NeuralNetwork.from_parameters([[[weight]]], [[bias]], activation)


@pytest.mark.parametrize(
    ("loss", "y", "sentence"),
    [
        (BINARY_CROSS_ENTROPY, 1.5, r"binary_cross_entropy needs every number of y in \[0, 1\]"),
        (BINARY_CROSS_ENTROPY, -0.5, r"but y\[1, 0\] is -0.5"),
        (CROSS_ENTROPY, -0.5, r"cross_entropy needs every number of y in \[0, inf\]"),
    ],
)
def test_a_target_outside_the_domain_of_the_loss_is_named(loss, y, sentence):
    with pytest.raises(OutOfDomain, match=sentence) as refusal:
        unit("sigmoid").backprop([[0.0], [0.0]], [[0.5], [y]], loss)
    assert refusal.value.place == ("y",)


@pytest.mark.parametrize("loss", [BINARY_CROSS_ENTROPY, CROSS_ENTROPY])
def test_an_output_outside_the_domain_of_the_loss_is_named(loss):
    with pytest.raises(OutOfDomain, match=r"of output in .*, but output\[0, 0\] is -5"):
        unit().backprop([-5.0], [0.5], loss)


@pytest.mark.parametrize(
    ("network", "x", "y", "loss", "sentence"),
    [
        (unit(weight=1e200), [1e200], [0.0], "squared", r"s of layer 1\[0, 0\] is inf"),
        (unit(weight=1e200), [1.0], [0.0], "squared", r"the loss of sample\[0\] is inf"),
        (unit("relu"), [-1.0], [0.5], "cross_entropy", r"the loss of sample\[0\] is inf"),
        (unit(weight=1e150), [1e150], [0.0], "squared", r"the loss of sample\[0\] is inf"),
        (unit(bias=1e150), [1e200], [1e200], "squared", None),
        (unit(bias=-1e120, weight=0.0), [1e200], [0.0], "squared", r"weights_gradient of layer 1"),
        (unit(bias=1e120, weight=1e-300), [1.0], [0.0], "squared", None),
    ],
)
def test_a_number_beyond_the_floats_is_named_and_no_other(network, x, y, loss, sentence):
    if sentence is None:
        assert np.isfinite(network.backprop(x, y, LOSSES[loss]).loss)
        return
    with pytest.raises(NotFinite, match=sentence):
        network.backprop(x, y, LOSSES[loss])


def test_an_x_gradient_beyond_the_floats_is_named():
    # delta = 1e150 and w = 1e200, though x = 1e-60 keeps s and the gradient of w finite.
    network = NeuralNetwork.from_parameters([[[1e200]]], [[1e150]], "identity")
    with pytest.raises(NotFinite, match=r"x_gradient\[0, 0\] is inf") as refusal:
        network.backprop([1e-60], [0.0], SQUARED)
    assert refusal.value.place == ("x",)


def test_x_and_y_of_different_lengths_are_refused():
    with pytest.raises(ShapeMismatch, match="x has 2 samples, but y has 1") as refusal:
        unit().backprop([[0.0], [0.0]], [[1.0]])
    assert refusal.value.place == ("y",)


def test_no_samples_have_no_loss():
    with pytest.raises(ShapeMismatch, match="x has no samples") as refusal:
        unit().backprop(np.empty((0, 1)), np.empty((0, 1)))
    assert refusal.value.place == ("x",)
