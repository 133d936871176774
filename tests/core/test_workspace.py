"""The training loop's arithmetic is the textbook's, for every combination, in both precisions."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, SIZES, is_well_conditioned, question

from core.workspace import Workspace, flatten, parameter_count, unflatten


def workspace_for(asked, dtype=np.float64):
    network = asked.network.astype(dtype)
    parameters = flatten(network.layers, dtype)
    gradient = np.full_like(parameters, np.nan)
    workspace = Workspace(
        parameters,
        gradient,
        network.sizes,
        [layer.activation for layer in network.layers],
        asked.loss,
        len(asked.x),
    )
    everything = np.arange(len(asked.x))
    workspace.load(asked.x.astype(dtype), asked.y.astype(dtype), everything)
    return workspace, parameters, gradient


def textbook(asked, dtype=np.float64):
    network = asked.network.astype(dtype)
    result = network.backprop(asked.x, asked.y, asked.loss, "mean")
    gradient = [np.column_stack([one.weights, one.biases]).ravel() for one in result.gradients]
    return result, np.concatenate(gradient)


def assert_agree(asked, dtype=np.float64):
    expected, expected_gradient = textbook(asked, dtype)
    workspace, _, gradient = workspace_for(asked, dtype)
    with np.errstate(all="ignore"):
        loss = workspace.loss_and_gradient()
    eps = float(np.finfo(dtype).eps)
    # Two orders of summation differ by rounding, relative to the largest of what is summed.
    scale = max(np.abs(expected_gradient).max(), float(expected.loss))
    assert loss == pytest.approx(float(expected.loss), rel=1e4 * eps, abs=1e2 * eps)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e4 * eps, atol=1e3 * eps * scale)
    np.testing.assert_allclose(
        workspace.output(), expected.trace.output, rtol=1e4 * eps, atol=1e2 * eps
    )
    assert workspace.output().dtype == gradient.dtype == dtype
    with np.errstate(all="ignore"):
        assert workspace.loss() == loss


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_every_combination_is_the_textbooks(combination, dtype):
    for samples in (1, 7):
        assert_agree(question(*combination, sizes=(3, 5, 4, 2), samples=samples), dtype)


@given(
    combination=st.sampled_from(COMBINATIONS),
    sizes=SIZES,
    samples=st.integers(1, 9),
    seed=SEEDS,
)
def test_networks_of_any_shape_are_the_textbooks(combination, sizes, samples, seed):
    asked = question(*combination, sizes=sizes, samples=samples, seed=seed)
    if is_well_conditioned(asked):
        assert_agree(asked)


@pytest.mark.parametrize("sizes", [(64, 130, 1), (3, 257, 64, 10), (700, 2)])
def test_wide_networks_with_many_samples_are_the_textbooks(sizes):
    assert_agree(question("sigmoid", "sigmoid", "squared", sizes=sizes, samples=300))


def test_far_out_in_a_sigmoid_the_loss_is_exact():
    # s = ±1000 with y on the wrong side: E = 1000 each, and delta = ±1.
    asked = question("sigmoid", "sigmoid", "binary_cross_entropy", sizes=(1, 1), samples=2)
    workspace, parameters, gradient = workspace_for(asked)
    parameters[:] = [1.0, 0.0]
    workspace.load(np.array([[1000.0], [-1000.0]]), np.array([[0.0], [1.0]]), np.arange(2))
    with np.errstate(all="ignore"):
        assert workspace.loss_and_gradient() == 1000.0
    np.testing.assert_array_equal(gradient, [1000.0, 0.0])


@given(combination=st.sampled_from(COMBINATIONS), seed=SEEDS)
def test_the_parameters_may_change_in_between(combination, seed):
    asked = question(*combination, seed=seed)
    other = question(*combination, seed=seed + 1)
    workspace, parameters, gradient = workspace_for(asked)
    fresh, _, expected = workspace_for(
        type(asked)(network=other.network, x=asked.x, y=asked.y, loss=asked.loss)
    )
    with np.errstate(all="ignore"):
        workspace.loss_and_gradient()
        parameters[:] = flatten(other.network.layers, np.float64)
        assert workspace.loss_and_gradient() == fresh.loss_and_gradient()
    np.testing.assert_array_equal(gradient, expected)


def test_the_rows_asked_for_are_loaded_in_their_order():
    asked = question("tanh", "sigmoid", "squared", samples=6)
    rows = np.array([4, 0, 5])
    workspace, _, gradient = workspace_for(
        type(asked)(asked.network, asked.x[rows], asked.y[rows], asked.loss)
    )
    expected, loss = np.empty_like(gradient), workspace.loss_and_gradient()
    expected[:] = gradient
    workspace.load(asked.x, asked.y, rows)
    assert workspace.loss_and_gradient() == loss
    np.testing.assert_array_equal(gradient, expected)


@given(sizes=SIZES, seed=SEEDS)
def test_flattening_loses_nothing(sizes, seed):
    asked = question("relu", "tanh", "squared", sizes=sizes, seed=seed)
    parameters = flatten(asked.network.layers, np.float64)
    assert parameters.shape == (parameter_count(sizes),)
    activations = [layer.activation for layer in asked.network.layers]
    for one, other in zip(
        unflatten(parameters, sizes, activations), asked.network.layers, strict=True
    ):
        np.testing.assert_array_equal(one.weights, other.weights)
        np.testing.assert_array_equal(one.biases, other.biases)
        assert one.activation is other.activation
        assert not np.shares_memory(one.weights, parameters)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["sigmoid", "relu", "tanh"])
def test_an_iteration_allocates_no_array(name, dtype):
    asked = question(name, name, "squared", sizes=(8, 64, 64, 4), samples=500)
    workspace, _, _ = workspace_for(asked, dtype)
    workspace.loss_and_gradient()
    tracemalloc.start()
    workspace.loss_and_gradient()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One array of a layer would take 64 × 500 numbers.
    assert peak < 64 * 500 * np.dtype(dtype).itemsize / 10
