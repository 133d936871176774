"""What the kernels do not know stays with NumPy."""

from dataclasses import dataclass, fields, replace

import pytest

from core.nn.activations import ACTIVATIONS
from core.nn.losses import LOSSES
from core.training.compiled.constants import OPTIMIZER_CODES
from core.training.compiled_backend.coverage import (
    COVERED_FIELDS,
    COVERED_SCHEDULES,
    HIDDEN_ACTIVATIONS,
    LAST_ACTIVATIONS,
    MAX_WIDTH,
    OPTIMIZER_PARAMETERS,
    is_covered,
)
from core.training.config import TrainingConfig
from core.training.optimizers import OPTIMIZERS, Adam
from core.training.updates.schedules import SCHEDULES

PLAIN = TrainingConfig((2, 8, 1), ("tanh", "sigmoid"))


@dataclass(frozen=True)
class LaterConfig(TrainingConfig):
    """A release in which there is one more choice."""

    dropout: float = 0.0


@dataclass(frozen=True)
class LaterAdam(Adam):
    """A release in which Adam has one more parameter."""

    weight_decay: float = 0.0


def test_the_tables_name_what_there_is():
    assert ACTIVATIONS.keys() >= HIDDEN_ACTIVATIONS
    assert LAST_ACTIVATIONS.keys() <= LOSSES.keys()
    assert frozenset().union(*LAST_ACTIVATIONS.values()) <= ACTIVATIONS.keys()
    assert OPTIMIZER_PARAMETERS.keys() <= OPTIMIZERS.keys()


# What NumPy trains. A new entry belongs here, or into a kernel and the tables of `coverage`.
NUMPY_ONLY = {
    "activations": set(),
    "losses": set(),
    "optimizers": {"nesterov", "lbfgs"},
    "schedules": {"plateau"},
    "fields": {
        "clip_norm", "is_weighted", "data_parallel",
    },
}  # fmt: skip


def test_every_entry_of_the_tables_is_decided():
    last = frozenset().union(*LAST_ACTIVATIONS.values())
    undecided = {
        "activations": ACTIVATIONS.keys() - HIDDEN_ACTIVATIONS - last,
        "losses": LOSSES.keys() - LAST_ACTIVATIONS.keys(),
        "optimizers": OPTIMIZERS.keys() - OPTIMIZER_PARAMETERS.keys(),
        "schedules": SCHEDULES.keys() - COVERED_SCHEDULES,
        "fields": {field.name for field in fields(TrainingConfig)} - COVERED_FIELDS,
    }
    assert undecided == NUMPY_ONLY


def test_every_parameter_of_a_covered_optimizer_reaches_the_kernel():
    for name, parameters in OPTIMIZER_PARAMETERS.items():
        assert {field.name for field in fields(OPTIMIZERS[name])} - {"name"} == parameters
        assert set(OPTIMIZER_CODES[name][1]) == parameters


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_a_schedule_is_covered_where_its_factors_are_known_beforehand(name):
    config = replace(PLAIN, schedule=SCHEDULES[name]())
    assert is_covered(config) == (name in COVERED_SCHEDULES)


def test_a_plain_training_is_covered():
    assert is_covered(PLAIN)
    assert is_covered(replace(PLAIN, batch_size=3, validation_fraction=0.1, precision="float32"))


@pytest.mark.parametrize(
    "config",
    [
        replace(PLAIN, sizes=(2, MAX_WIDTH + 1, 1)),
        replace(PLAIN, activations=("softmax", "sigmoid")),
        replace(PLAIN, activations=("tanh", "tanh"), loss="binary_cross_entropy"),
        replace(PLAIN, data_parallel=2),
        replace(PLAIN, clip_norm=1.0),
        LaterConfig((2, 8, 1), ("tanh", "sigmoid"), dropout=0.1),
        replace(PLAIN, optimizer=LaterAdam(weight_decay=0.1)),
    ],
    ids=[
        "wide",
        "softmax inside",
        "loss without a kernel",
        "shards",
        "clipping",
        "new choice",
        "new parameter",
    ],
)
def test_what_the_kernels_do_not_know_is_not_covered(config):
    assert not is_covered(config)


def test_a_new_choice_at_its_default_changes_nothing():
    assert is_covered(LaterConfig((2, 8, 1), ("tanh", "sigmoid")))
    assert is_covered(replace(PLAIN, optimizer=LaterAdam()))
