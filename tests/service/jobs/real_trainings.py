"""Trainings as jobs, and what they come to in one go."""

from dataclasses import replace

import numpy as np
from submissions import npy, submission

from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam, GradientDescent, Momentum
from core.training.trainer import LocalTrainer
from core.training.updates.schedules import CosLog
from service.jobs.step_result import StepResult
from service.jobs.training.config_json import to_text

SMALL = TrainingConfig(
    sizes=(2, 8, 1),
    activations=("tanh", "sigmoid"),
    loss="binary_cross_entropy",
    iterations=4000,
    seed=5,
)
SPECIFICATIONS = {
    "full batch": SMALL,
    "momentum": replace(SMALL, optimizer=Momentum(eta=0.05)),
    "adam": replace(SMALL, optimizer=Adam(eta=0.003)),
    "mini-batches": replace(SMALL, batch_size=7, optimizer=GradientDescent(eta=0.1)),
    "mini-batches, adam": replace(SMALL, batch_size=16, optimizer=Adam(eta=0.003)),
    "validation": replace(SMALL, validation_fraction=0.25, batch_size=8),
    "early stopping": replace(
        SMALL,
        validation_fraction=0.3,
        batch_size=8,
        optimizer=Adam(eta=0.03),
        early_stopping=EarlyStopping(patience=200),
    ),
    "preset for tables": replace(
        SMALL,
        validation_fraction=0.2,
        batch_size=16,
        optimizer=Adam(eta=0.015, beta2=0.95),
        schedule=CosLog(),
        label_smoothing=0.1,
        early_stopping=EarlyStopping(patience=5000),
    ),
    "float32": replace(SMALL, precision="float32", batch_size=8, optimizer=Adam(eta=0.003)),
}

# Of each a few iterations, in shards.
SHORT = 50
SHARED = {
    name: replace(one, iterations=SHORT, data_parallel=3) for name, one in SPECIFICATIONS.items()
}
SHARED["early stopping"] = replace(
    SHARED["early stopping"],
    iterations=500,
    batch_size=9,
    early_stopping=EarlyStopping(patience=2),
)
SHARED["preset for tables"] = replace(
    SHARED["preset for tables"], iterations=500, early_stopping=EarlyStopping(patience=2)
)


def samples():
    """Two classes that overlap, so that no loss reaches zero."""
    generator = np.random.default_rng(3)
    x = generator.normal(size=(60, 2))
    y = (x[:, :1] + x[:, 1:] + 0.5 * generator.normal(size=(60, 1)) > 0).astype(float)
    return x, y


def beginning(specification: TrainingConfig) -> Checkpoint:
    generator = np.random.default_rng(1)
    layers = initial_layers(specification.sizes, specification.activations, generator)
    return first_checkpoint(specification, layers)


def undisturbed(specification: TrainingConfig):
    """The training in one go and one process."""
    training = LocalTrainer(specification, *samples(), beginning(specification))
    return training.run(specification.iterations), training.checkpoint()


def order(specification: TrainingConfig):
    return submission(
        specification=to_text(specification),
        iterations=specification.iterations,
        data=npy(np.hstack(samples())),
        start=StepResult(beginning(specification).to_bytes(), 0, None),
    )


def assert_equal_bits(checkpoint: Checkpoint, expected: Checkpoint) -> None:
    for name, value in vars(expected).items():
        got = np.asarray(vars(checkpoint)[name])
        assert got.dtype == np.asarray(value).dtype
        assert got.tobytes() == np.asarray(value).tobytes(), name
