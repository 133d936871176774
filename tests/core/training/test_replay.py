"""A replayed iteration equals the original one."""

import numpy as np
import pytest

from core.errors import OutOfDomain
from core.nn.initialization import initial_layers
from core.nn.parameters import flatten
from core.training.checkpoint import first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam, GradientDescent
from core.training.replay import replay
from core.training.trainer import LocalTrainer

SIZES, ACTIVATIONS, SAMPLES = (3, 5, 2), ("tanh", "sigmoid"), 23


def question(**changes):
    generator = np.random.default_rng(5)
    specification = TrainingConfig(SIZES, ACTIVATIONS, **({"iterations": 40, "seed": 3} | changes))
    start = first_checkpoint(specification, initial_layers(SIZES, ACTIVATIONS, generator))
    x = generator.normal(size=(SAMPLES, SIZES[0]))
    y = generator.uniform(size=(SAMPLES, SIZES[-1]))
    return specification, x, y, start


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_size": 4},
        {"batch_size": 4, "optimizer": Adam()},
        {"batch_size": 5, "validation_fraction": 0.2},
        {"precision": "float32", "batch_size": 7},
    ],
)
@pytest.mark.parametrize("number", [1, 2, 17, 40])
def test_from_any_checkpoint_on_the_way_the_same_iteration_comes_out(changes, number):
    specification, x, y, start = question(**changes)
    training = LocalTrainer(specification, x, y, start)
    training.run(number // 2)
    near = training.checkpoint()
    training.run(number - 1 - number // 2)
    before = training.checkpoint().parameters
    training.run(1)
    after = training.checkpoint().parameters
    for checkpoint in (start, near):
        seen = replay(specification, x, y, checkpoint, number)
        np.testing.assert_array_equal(flatten(seen.before, specification.dtype), before)
        np.testing.assert_array_equal(flatten(seen.after, specification.dtype), after)


@pytest.mark.parametrize("batch_size", [None, 4, 7])
def test_the_update_is_eta_times_the_gradient_on_the_batch(batch_size):
    specification, x, y, start = question(batch_size=batch_size, optimizer=GradientDescent(eta=0.3))
    seen = replay(specification, x, y, start, 12)
    assert len(seen.rows) == len(seen.x) == len(seen.y)
    for before, gradient, after in zip(
        seen.before, seen.backpropagation.gradients, seen.after, strict=True
    ):
        expected = before.weights - 0.3 * gradient.weights
        np.testing.assert_allclose(after.weights, expected, rtol=1e-12, atol=1e-15)
        expected = before.biases - 0.3 * gradient.biases
        np.testing.assert_allclose(after.biases, expected, rtol=1e-12, atol=1e-15)


def test_an_epoch_of_batches_meets_every_training_sample_once():
    specification, x, _, _ = question(batch_size=4, validation_fraction=0.25)
    rows, validation = specification.split(len(x))
    per_epoch = -(-len(rows) // 4)
    for epoch in range(3):
        met = [specification.batch_rows(len(x), per_epoch * epoch + k) for k in range(per_epoch)]
        assert sorted(np.concatenate(met)) == sorted(rows)
        assert not set(np.concatenate(met)) & set(validation)


def test_an_iteration_that_never_was_is_refused():
    specification, x, y, start = question(early_stopping=EarlyStopping(1, 10.0))
    with pytest.raises(OutOfDomain, match=r"ended after 2 iterations, before iteration 30"):
        replay(specification, x, y, start, 30)
