"""Gradients of shards, added in their order, are the gradient: exactly of one, else to rounding."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_networks import COMBINATIONS, SEEDS, question
from trainings import OPTIMIZERS, begun, same_state, specified

from core.errors import Diverged, OutOfDomain
from core.neural_network import NeuralNetwork
from core.nn.backprop import backprop
from core.nn.parameters import flatten, unflatten
from core.training.compute.minibatches import shard_bounds
from core.training.config import EarlyStopping
from core.training.data_parallel.shards import ShardEvaluator
from core.training.optimizers import Adam, GradientDescent
from core.training.replay import replay

CHOICES = {
    "full batch": {},
    "mini-batches": {"batch_size": 7},
    "adam": {"batch_size": 7, "optimizer": Adam(eta=0.02)},
    "validation": {"batch_size": 7, "validation_fraction": 0.3},
    "early stopping": {"validation_fraction": 0.1, "early_stopping": EarlyStopping(patience=4)},
    "float32": {"batch_size": 6, "precision": "float32"},
}
EACH = pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)


def asked(samples=23, seed=0, last="sigmoid", loss="binary_cross_entropy"):
    """Targets of 0 and 1, so that accuracy is defined."""
    drawn = question("tanh", last, loss, sizes=(3, 5, 1), samples=samples, seed=seed)
    return replace(drawn, y=(drawn.x[:, :1] > 0).astype(float))


@given(samples=st.integers(0, 200), shards=st.integers(1, 64))
def test_shards_are_cut_as_numpy_splits_an_array(samples, shards):
    for number, part in enumerate(np.array_split(np.arange(samples), shards)):
        start, stop = shard_bounds(samples, shards, number)
        np.testing.assert_array_equal(np.arange(start, stop), part)


@EACH
def test_one_shard_changes_no_bit(choices):
    specification = specified(asked(), iterations=40, **choices)
    alone, sharded = (
        begun(asked(), replace(specification, data_parallel=shards)) for shards in (None, 1)
    )
    histories = [training.run(40) for training in (alone, sharded)]
    assert same_state(alone.checkpoint(), sharded.checkpoint())
    assert alone.report() == sharded.report()
    assert histories[0].keys() == histories[1].keys()
    for name, values in histories[0].items():
        assert values.tobytes() == histories[1][name].tobytes()


@pytest.mark.parametrize("combination", COMBINATIONS, ids="-".join)
def test_a_gradient_is_the_sum_of_its_shards_gradients(combination):
    drawn = question(*combination, sizes=(3, 5, 4, 2), samples=11)
    specification = specified(drawn, data_parallel=3)
    parameters = flatten(drawn.network.layers, np.float64)
    shards = ShardEvaluator(specification, drawn.x, drawn.y, parameters)
    for number, rows in enumerate(np.array_split(np.arange(11), 3)):
        loss, gradient = shards.gradient(0, number)
        textbook = backprop(drawn.network.layers, drawn.x[rows], drawn.y[rows], drawn.loss, "sum")
        expected = [np.column_stack([one.weights, one.biases]) for one in textbook.gradients]
        expected = np.concatenate([matrix.ravel() for matrix in expected]) / 11
        scale = max(np.abs(expected).max(), float(textbook.loss))
        np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-12 * scale)
        assert loss == pytest.approx(float(textbook.loss) / 11, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
@given(shards=st.integers(1, 4), batch_size=st.sampled_from([None, 4, 9]), seed=SEEDS)
def test_shards_change_a_training_by_rounding_alone(optimizer, shards, batch_size, seed):
    drawn = asked(samples=22, seed=seed)
    if batch_size == 4:
        shards = min(shards, 22 % 4)
    plain = specified(
        drawn, optimizer=OPTIMIZERS[optimizer], iterations=12, batch_size=batch_size, seed=seed
    )
    one, other = begun(drawn, plain), begun(drawn, replace(plain, data_parallel=shards))
    losses = [training.run(12)["loss"] for training in (one, other)]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-8)
    np.testing.assert_allclose(
        one.checkpoint().parameters, other.checkpoint().parameters, rtol=1e-6, atol=1e-9
    )


@EACH
@pytest.mark.parametrize("cut", [1, 2, 17])
def test_from_any_checkpoint_it_goes_on_bit_for_bit(choices, cut):
    specification = specified(asked(), iterations=40, data_parallel=2, **choices)
    whole, first = begun(asked(), specification), begun(asked(), specification)
    whole.run(40)
    first.run(cut)
    second = type(first)(specification, asked().x, asked().y, first.checkpoint())
    second.run(40)
    assert same_state(whole.checkpoint(), second.checkpoint())


@EACH
def test_an_iteration_looked_at_again_has_the_shards_of_the_training(choices):
    specification = specified(asked(), iterations=6, data_parallel=2, **choices)
    start = begun(asked(), specification).checkpoint()
    training = begun(asked(), specification)
    training.run(6)
    seen = replay(specification, asked().x, asked().y, start, 6)
    after = flatten(seen.after, specification.dtype)
    np.testing.assert_array_equal(after, training.checkpoint().parameters)


def test_a_look_at_shards_counts_every_sample_once():
    drawn = asked()
    specification = specified(drawn, data_parallel=4, validation_fraction=0.1, iterations=5)
    training = begun(drawn, specification)
    history = training.run(5)
    # Two samples to validate on: two of the four shards have none.
    rows, kept = specification.split(23)
    assert len(kept) == 2
    parameters, sizes = training.checkpoint().parameters, specification.sizes
    last = NeuralNetwork(unflatten(parameters, sizes, specification.activation_functions))
    for part, loss, accuracy in (
        (rows, training.loss(), training.accuracy()),
        (kept, history["validation_loss"][-1], history["validation_accuracy"][-1]),
    ):
        output = last.forward(drawn.x[part]).output
        expected = drawn.loss.value(output, drawn.y[part]).mean()
        assert loss == pytest.approx(expected, rel=1e-10)
        assert accuracy == np.mean((output > 0.5) == drawn.y[part])


@pytest.mark.parametrize("shards", [1, 3])
def test_a_training_in_shards_diverges_where_any_other_does(shards):
    # Their sums round differently: beside the largest float that may cost an iteration.
    drawn = asked(last="identity", loss="squared")
    plain = specified(drawn, optimizer=GradientDescent(eta=1e6), iterations=1000)
    said = []
    for choice in (None, shards):
        training = begun(drawn, replace(plain, data_parallel=choice))
        with pytest.raises(Diverged, match="try a lower eta") as diverged:
            training.run(1000)
        assert f"after {training.iteration} iterations" in diverged.value.detail
        said.append(training.iteration)
    assert abs(said[0] - said[1]) <= min(1, shards - 1)


@pytest.mark.parametrize(
    ("choices", "shards", "smallest"),
    [
        ({}, 24, 23),
        ({}, 0, 23),
        ({"batch_size": 7}, 3, 2),
        ({"batch_size": 23}, 24, 23),
        ({"validation_fraction": 0.5, "batch_size": 5}, 2, 1),
    ],
)
def test_every_shard_needs_a_sample(choices, shards, smallest):
    with pytest.raises(OutOfDomain) as refusal:
        begun(asked(), specified(asked(), data_parallel=shards, **choices))
    assert refusal.value.detail == (
        f"data_parallel is {shards}, but the smallest batch has "
        f"{smallest} sample{'s' if smallest > 1 else ''}, and every shard needs one"
    )
    assert refusal.value.place == ("data_parallel",)
