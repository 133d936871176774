"""Recompute one iteration of a training: its batch, gradients and update."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import OutOfDomain, counted
from core.nn.backprop import Backpropagation, backprop
from core.nn.layer import Layer
from core.nn.parameters import unflatten
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.trainer import LocalTrainer


@dataclass(frozen=True, eq=False)
class Iteration:
    """Iteration `number`, which counts from 1: the parameters before it, its batch, its update."""

    number: int
    rows: np.ndarray
    """Which samples of the job's data the batch has, in its order."""
    x: Float[Array, "batch d_in"]
    y: Float[Array, "batch d_out"]
    weights: Float[Array, " batch"] | None
    """What multiplies each sample's E, None without weights."""
    before: tuple[Layer, ...]
    backpropagation: Backpropagation
    """On the batch, at the parameters before; gradients of the mean."""
    after: tuple[Layer, ...]
    plateaus: int = 0
    """How often the watched loss had stopped falling before it, for the schedule."""


def replay(
    specification: TrainingConfig,
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    checkpoint: Checkpoint,
    number: int,
) -> Iteration:
    """Continue from a checkpoint before iteration `number`, and recompute that iteration.

    The parameters before and after are the training's own, bit for bit. Raises `OutOfDomain` where
    the training ended before, `Diverged` where it diverged.
    """
    training = LocalTrainer(specification, x, y, checkpoint)
    training.run(number - 1 - training.iteration)
    before = training.checkpoint()
    training.run(1)
    if training.iteration != number:
        raise OutOfDomain(
            f"the training ended after {counted(training.iteration, 'iteration')}, "
            f"before iteration {number}",
            ("path", "k"),
        )
    after = training.checkpoint()
    rows = specification.batch_rows(len(x), number - 1)
    layers = _layers(specification, before)
    batch_x, batch_y = x[rows].astype(specification.dtype), y[rows].astype(specification.dtype)
    if specification.label_smoothing:
        batch_y = specification.smooth_labels(batch_y)
    return Iteration(
        number=number,
        rows=rows,
        x=batch_x,
        y=specification.targets(batch_y),
        weights=batch_y[:, -1] if specification.is_weighted else None,
        before=layers,
        backpropagation=backprop(layers, batch_x, batch_y, specification.loss_function),
        after=_layers(specification, after),
        plateaus=before.plateaus,
    )


def _layers(specification: TrainingConfig, checkpoint: Checkpoint) -> tuple[Layer, ...]:
    """The network at that iteration, not the best one so far."""
    return unflatten(checkpoint.parameters, specification.sizes, specification.activation_functions)
