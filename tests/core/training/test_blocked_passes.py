"""The training loop's arithmetic is the textbook's, for every combination, in both precisions."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, SIZES, is_well_conditioned, question

from core.nn.parameters import flatten, parameter_count, unflatten
from core.training.compute.blocked_passes import BlockedPasses
from core.training.compute.samples import SampleBuffer


def workspace_for(asked, dtype=np.float64):
    network = asked.network.astype(dtype)
    parameters = flatten(network.layers, dtype)
    gradient = np.full_like(parameters, np.nan)
    samples = SampleBuffer.of(asked.x, asked.y, np.arange(len(asked.x)), np.dtype(dtype))
    activations = [layer.activation for layer in network.layers]
    workspace = BlockedPasses(parameters, gradient, network.sizes, activations, asked.loss, samples)
    return workspace, parameters, gradient


def loss_and_gradient(workspace):
    """The loss; its gradient is left where the optimizer would find it."""
    with np.errstate(all="ignore"):
        (loss,) = workspace.iterate(lambda iteration: None, first=1, count=1)
    return loss


def textbook(asked, dtype=np.float64):
    network = asked.network.astype(dtype)
    result = network.backprop(asked.x, asked.y, asked.loss, "mean")
    gradient = [np.column_stack([one.weights, one.biases]).ravel() for one in result.gradients]
    return result, np.concatenate(gradient)


def assert_agree(asked, dtype=np.float64):
    expected, expected_gradient = textbook(asked, dtype)
    workspace, _, gradient = workspace_for(asked, dtype)
    loss = loss_and_gradient(workspace)
    eps = float(np.finfo(dtype).eps)
    # Two orders of summation differ by rounding, relative to the largest of what is summed.
    scale = max(np.abs(expected_gradient).max(), float(expected.loss))
    assert loss == pytest.approx(float(expected.loss), rel=1e4 * eps, abs=1e2 * eps)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e4 * eps, atol=1e3 * eps * scale)
    with np.errstate(all="ignore"):
        measured, output = workspace.measure()
    assert measured == loss
    np.testing.assert_allclose(output, expected.trace.output, rtol=1e4 * eps, atol=1e2 * eps)
    assert output.dtype == gradient.dtype == dtype


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


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("last", "loss"),
    [
        ("identity", "squared"),
        ("sigmoid", "binary_cross_entropy"),
        ("softmax", "cross_entropy"),
        ("softmax", "squared"),
        ("softplus", "cross_entropy"),
    ],
)
@given(samples=st.integers(1, 12), least=st.integers(1, 12), seed=SEEDS)
def test_samples_in_blocks_are_the_samples_at_once(last, loss, dtype, samples, least, seed):
    asked = question("tanh", last, loss, sizes=(3, 4, 3), samples=samples, seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.training.compute.blocked_passes.TARGET_BLOCK_BYTES", 1)
        patch.setattr("core.training.compute.blocked_passes.MIN_BLOCK_SAMPLES", least)
        workspace, _, _ = workspace_for(asked, dtype)
        assert workspace.is_single_block == (samples <= least)
        if is_well_conditioned(asked):
            assert_agree(asked, dtype)


def test_far_out_in_a_sigmoid_the_loss_is_exact():
    # s = ±1000 with y on the wrong side: E = 1000 each, and delta = ±1.
    asked = question("sigmoid", "sigmoid", "binary_cross_entropy", sizes=(1, 1), samples=2)
    asked.x[:], asked.y[:] = [[1000.0], [-1000.0]], [[0.0], [1.0]]
    workspace, parameters, gradient = workspace_for(asked)
    parameters[:] = [1.0, 0.0]
    assert loss_and_gradient(workspace) == 1000.0
    np.testing.assert_array_equal(gradient, [1000.0, 0.0])


def test_far_out_in_a_softmax_the_loss_is_exact():
    asked = question("sigmoid", "softmax", "cross_entropy", sizes=(1, 2), samples=2)
    asked.x[:], asked.y[:] = [[1000.0], [-1000.0]], [[0.0, 1.0], [1.0, 0.0]]
    workspace, parameters, gradient = workspace_for(asked)
    parameters[:] = [1.0, 0.0, 0.0, 0.0]
    assert loss_and_gradient(workspace) == 1000.0
    np.testing.assert_array_equal(gradient, [1000.0, 0.0, -1000.0, 0.0])


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "cross_entropy"])
def test_a_small_loss_is_not_lost_beside_large_numbers(loss):
    # s = ±30 with y on the right side: E = log(1 + e^-30) = 9.4e-14, far below eps · 30.
    last, width = ("sigmoid", 1) if loss == "binary_cross_entropy" else ("softmax", 2)
    asked = question("tanh", last, loss, sizes=(1, width), samples=2)
    asked.x[:] = [[30.0], [-30.0]]
    asked.y[:] = np.array([[1.0, 0.0], [0.0, 1.0]])[:, :width]
    workspace, parameters, _ = workspace_for(asked)
    parameters[:] = [1.0, 0.0, 0.0, 0.0][: 2 * width]
    assert loss_and_gradient(workspace) == pytest.approx(np.log1p(np.exp(-30.0)), rel=1e-14)


@given(combination=st.sampled_from(COMBINATIONS), seed=SEEDS)
def test_the_parameters_may_change_in_between(combination, seed):
    asked, other = question(*combination, seed=seed), question(*combination, seed=seed + 1)
    workspace, parameters, gradient = workspace_for(asked)
    fresh, _, expected = workspace_for(replace(asked, network=other.network))
    loss_and_gradient(workspace)
    parameters[:] = flatten(other.network.layers, np.float64)
    assert loss_and_gradient(workspace) == loss_and_gradient(fresh)
    np.testing.assert_array_equal(gradient, expected)


@given(combination=st.sampled_from(COMBINATIONS), seed=SEEDS)
def test_the_samples_may_change_in_between(combination, seed):
    asked, other = question(*combination, seed=seed), question(*combination, seed=seed + 1)
    both = replace(asked, x=np.vstack([asked.x, other.x]), y=np.vstack([asked.y, other.y]))
    rows = np.random.default_rng(seed).permutation(10)[:5]
    everything = SampleBuffer.of(both.x, both.y, np.arange(10), np.dtype(np.float64))
    workspace, _, gradient = workspace_for(asked)
    fresh, _, expected = workspace_for(replace(both, x=both.x[rows], y=both.y[rows]))
    loss_and_gradient(workspace)
    everything.gather(rows, workspace.samples)
    workspace.targets_changed()
    assert loss_and_gradient(workspace) == loss_and_gradient(fresh)
    np.testing.assert_array_equal(gradient, expected)


def test_a_way_up_already_made_is_not_made_again():
    asked = question("tanh", "sigmoid", "binary_cross_entropy")
    workspace, _, gradient = workspace_for(asked)
    fresh, _, expected = workspace_for(asked)
    loss, _ = workspace.measure()
    losses = workspace.iterate(lambda iteration: None, first=1, count=2, forward_done=True)
    assert losses.tolist() == [loss, loss]
    assert loss_and_gradient(fresh) == loss
    np.testing.assert_array_equal(gradient, expected)


def test_iterations_are_counted_on_and_end_at_a_loss_beyond_the_floats():
    asked = question("tanh", "identity", "squared")
    workspace, parameters, _ = workspace_for(asked)
    seen = []

    def step(iteration):
        seen.append(iteration)
        if iteration == 9:
            parameters[:] = 1e200

    with np.errstate(all="ignore"):
        losses = workspace.iterate(step, first=7, count=100)
    assert seen == [7, 8, 9]
    assert np.isfinite(losses).tolist() == [True, True, True, False]


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
    loss_and_gradient(workspace)
    tracemalloc.start()
    loss_and_gradient(workspace)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One array of a layer would take 64 × 500 numbers.
    assert peak < 64 * 500 * np.dtype(dtype).itemsize / 10
