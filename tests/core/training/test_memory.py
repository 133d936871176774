"""What a training is said to take of memory is enough, and not more than half too much."""

import pickle
import tracemalloc

import numpy as np
import pytest

from core.cost import training_memory
from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam, Momentum
from core.training.trainer import LocalTrainer

SMALL = 2**17
"""Bytes of whatever else Python makes on the way."""


def specified(sizes, hidden="tanh", last="sigmoid", **choices) -> TrainingConfig:
    activations = (hidden,) * (len(sizes) - 2) + (last,)
    return TrainingConfig(sizes, activations, iterations=3, **choices)


def taken(specification, samples) -> int:
    """The most that is there at once while a worker makes three iterations and answers."""
    layers = initial_layers(
        specification.sizes, specification.activations, np.random.default_rng(0)
    )
    start = first_checkpoint(specification, layers).to_bytes()
    tracemalloc.start()
    try:
        arrived = bytes(bytearray(start))
        x = np.zeros((samples, specification.sizes[0]), specification.dtype)
        y = np.zeros((samples, specification.sizes[-1]), specification.dtype)
        y[:, 0] = 1.0
        training = LocalTrainer(specification, x, y, Checkpoint.from_bytes(arrived))
        training.run(3)
        training.report()
        assert pickle.dumps(training.to_bytes())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("specification", "samples"),
    [
        (specified((2, 64, 64, 1)), 1000),
        (specified((2, 64, 64, 1)), 20_000),
        (specified((2, 64, 64, 1), "relu"), 20_001),
        (specified((2, 64, 64, 1), "softplus", precision="float32"), 20_000),
        (specified((2, 64, 64, 1), "leaky_relu", optimizer=Momentum()), 5_000),
        (specified((10, 16, 3), last="softmax", loss="cross_entropy"), 50_000),
        (specified((10, 16, 1), loss="binary_cross_entropy"), 50_000),
        (specified((2, 64, 64, 8), last="softplus", loss="cross_entropy"), 20_000),
        (specified((200, 128, 10), batch_size=128, optimizer=Adam(), precision="float32"), 3_000),
        (specified((2, 64, 64, 1), batch_size=5_000, validation_fraction=0.3), 20_000),
        (specified((2, 64, 64, 1), data_parallel=4), 10_000),
        (specified((2, 500, 500, 1), optimizer=Adam(), early_stopping=EarlyStopping()), 10),
    ],
)
def test_a_training_takes_what_is_said_and_at_least_half_of_it(specification, samples):
    taken(specification, samples)  # what is imported for the first training is not its own
    said, took = training_memory(specification, samples), taken(specification, samples)
    assert took <= said + SMALL
    assert said <= 2 * took


def test_room_for_passes_does_not_grow_with_the_samples():
    # Of each sample remain its row and its copy, 2 · (2 + 1 + 1) numbers, two of ŷ, one of the
    # last layer's and three labels: 14 numbers.
    specification = specified((2, 64, 64, 1), "relu")
    more = training_memory(specification, 10**6) - training_memory(specification, 10**5)
    assert more == pytest.approx(9 * 10**5 * 14 * 8, rel=0.01)
    assert taken(specification, 60 * 1024) - taken(specification, 30 * 1024) < 30 * 1024 * 14 * 8
