"""Configuration of a training, without its data: immutable, validated against the data once."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.arrays import Array, require_equal_samples, require_finite
from core.errors import OutOfDomain, ShapeMismatch, counted
from core.nn.activations import Activation, get_activation
from core.nn.losses import Loss, get_loss, weighted
from core.tables.scaling import Scaling
from core.tables.split import Fold, Split, split_rows, split_sizes
from core.training.compiled.arithmetic import NUMPY, Arithmetic
from core.training.optimizers import GradientDescent, Optimizer
from core.training.updates.lbfgs import LBFGS
from core.training.updates.schedules import Plateau, Schedule
from core.training.updates.update_rule import UpdateRule


@dataclass(frozen=True)
class EarlyStopping:
    """Stop after `patience` epochs in a row that did not lower the watched loss by `min_delta`.

    Watched is the validation loss, or without validation samples the training loss; the network
    kept is the one that had the lowest (Prechelt, Early stopping - but when?, 1998).
    """

    patience: int = 10
    min_delta: float = 0.0


@dataclass(frozen=True)
class TrainingConfig:
    """A training up to its data and its initial parameters.

    An iteration is one step of the optimizer, on one batch. An epoch is the iterations that meet
    every training sample once: a single one where `batch_size` is None.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str = "squared"
    optimizer: Optimizer = field(default_factory=GradientDescent)
    iterations: int = 100
    batch_size: int | None = None
    seed: int = 0
    validation_fraction: float = 0.0
    early_stopping: EarlyStopping | None = None
    precision: Literal["float64", "float32"] = "float64"
    test_fraction: float = 0.0
    """The share of the samples that are kept for a test: neither trained nor validated on."""
    fold: Fold | None = None
    """The fold of a cross-validation that is kept for its test."""
    schedule: Schedule | None = None
    weight_decay: float = 0.0
    """λ of w ← w - eta λ w beside each step, biases left out; of L-BFGS the penalty λ/2 Σ w²."""
    clip_norm: float | None = None
    """The largest norm of a gradient; a longer one is shortened to it."""
    label_smoothing: float = 0.0
    """ε of targets (1 - ε) y + ε / classes to train on; of one output with 2 classes."""
    is_weighted: bool = False
    """Whether y has a last column with the weight of each sample, which multiplies its E."""
    initialization: str = "glorot"
    """How restarts are drawn, as `initial_layers` names it."""
    scaling: Scaling | None = None
    """How x and y are scaled before they reach the trainer; folded into the network it gives."""
    data_parallel: int | None = None
    """Into how many shards each batch is cut; their gradients are added in the order of the shards.

    How many workers compute them changes no number, how many shards there are does, by rounding.
    """
    arithmetic: Arithmetic = NUMPY

    @property
    def dtype(self) -> np.dtype:
        """The floating-point type of every array of the training."""
        return np.dtype(self.precision)

    @property
    def loss_function(self) -> Loss:
        """The entry of `LOSSES`, of weighted samples times the weight; raises `UnknownName`."""
        loss = get_loss(self.loss)
        return weighted(loss) if self.is_weighted else loss

    @property
    def activation_functions(self) -> tuple[Activation, ...]:
        """One entry of `ACTIVATIONS` per layer; raises `UnknownName`."""
        return tuple(get_activation(name) for name in self.activations)

    @property
    def is_watched(self) -> bool:
        """Whether the best network is kept beside the last.

        By validation, early stopping, or a schedule that follows the loss.
        """
        follows_loss = isinstance(self.schedule, Plateau)
        return self.validation_fraction > 0.0 or self.early_stopping is not None or follows_loss

    @property
    def update_rule(self) -> UpdateRule:
        """What an update does beside the step of the optimizer; of L-BFGS nothing."""
        if isinstance(self.optimizer, LBFGS):
            return UpdateRule(self.optimizer.eta, self.iterations)
        return UpdateRule(
            self.optimizer.eta, self.iterations, self.schedule, self.weight_decay, self.clip_norm
        )

    @property
    def has_plain_update(self) -> bool:
        """Whether an update is the step of the optimizer alone."""
        return self.update_rule.is_plain

    def targets(self, y: Array) -> Array:
        """The rows of y (samples, numbers) without their weights."""
        return y[:, : self.sizes[-1]]

    def scaled(self, x: Array, y: Array) -> tuple[Array, Array]:
        """x and y as the network is trained on them; the same arrays where nothing is scaled."""
        if self.scaling is None:
            return x, y
        scaled_y = np.hstack([self.scaling.scale_y(self.targets(y)), y[:, self.sizes[-1] :]])
        return (
            self.scaling.scale_x(x).astype(self.dtype, copy=False),
            scaled_y.astype(self.dtype, copy=False),
        )

    def smooth_labels(self, y: Array) -> Array:
        """y to train on, its targets as (1 - ε) y + ε / classes; (samples, numbers)."""
        smooth, classes = y.copy(), max(2, self.sizes[-1])
        kept = (1.0 - self.label_smoothing) * self.targets(y)
        smooth[:, : self.sizes[-1]] = kept + self.label_smoothing / classes
        return smooth

    def split(self, samples: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows to train on and the rows to validate on, drawn by the seed.

        Raises `OutOfDomain` where the fraction leaves either side empty.
        """
        parts = self.parts(samples)
        return parts.training, parts.validation

    def parts(self, samples: int) -> Split:
        """The same with the rows kept for a test."""
        return split_rows(
            samples, self.seed, self.validation_fraction, self.test_fraction, self.fold
        )

    def split_sizes(self, samples: int) -> tuple[int, int]:
        """How many rows `split` gives to either side; raises `OutOfDomain` as it does."""
        sizes = split_sizes(samples, self.validation_fraction, self.test_fraction, self.fold)
        return sizes[:2]

    def iterations_per_epoch(self, samples: int) -> int:
        """The iterations of one epoch, for `samples` samples in all."""
        training, _ = self.split_sizes(samples)
        return -(-training // (self.batch_size or training))

    def epoch_rows(self, rows: np.ndarray, epoch: int) -> np.ndarray:
        """The training rows in the order of that epoch: a function of seed and epoch alone."""
        return np.random.default_rng((self.seed, 1, epoch)).permutation(rows)

    def batch_rows(self, samples: int, iteration: int) -> np.ndarray:
        """The rows, out of `samples`, of the batch of `iteration` (from 0), in order."""
        rows, _ = self.split(samples)
        size = self.batch_size or len(rows)
        per_epoch = self.iterations_per_epoch(samples)
        if per_epoch == 1:
            return rows
        epoch, number = divmod(iteration, per_epoch)
        return self.epoch_rows(rows, epoch)[number * size : (number + 1) * size]


def validate_training_data(specification: TrainingConfig, x: Array, y: Array) -> None:
    """Raise `ShapeMismatch`, `OutOfDomain`, `NotFinite` or `UnknownName` where they do not fit."""
    if not len(x):
        raise ShapeMismatch("x has no samples", ("data", "x"))
    require_equal_samples(x, y, ("data", "y"))
    targets = specification.targets(y)
    for name, rows, width in (
        ("x", x, specification.sizes[0]),
        ("y", targets if specification.is_weighted else y, specification.sizes[-1]),
    ):
        end = "first" if name == "x" else "last"
        if rows.shape[1] != width:
            raise ShapeMismatch(
                f"{name} has {counted(rows.shape[1], 'number')} per sample, "
                f"but the {end} of the sizes is {width}",
                ("data", name),
            )
        require_finite(rows, name, ("data", name))
    loss = specification.loss_function
    loss.require_range(specification.activation_functions[-1], ("loss",))
    loss.require_domain(targets, "y", ("data", "y"))
    if specification.is_weighted:
        _require_weights(specification, y)
    _require_batches(specification, specification.split_sizes(len(x))[0])


def _require_weights(specification: TrainingConfig, y: Array) -> None:
    place = ("data", "weights")
    if y.shape[1] != specification.sizes[-1] + 1:
        raise ShapeMismatch(f"y has {y.shape[1]} numbers per sample with its weight", place)
    weights = y[:, -1]
    require_finite(weights, "the weights", place)
    if (weights < 0.0).any():
        row = int(np.argmax(weights < 0.0))
        raise OutOfDomain(f"a weight is at least 0, but that of row {row + 1} is negative", place)
    if not weights[specification.split(len(y))[0]].any():
        raise OutOfDomain("every sample to train on has the weight 0", place)


def _require_batches(specification: TrainingConfig, samples: int) -> None:
    size, shards = specification.batch_size or samples, specification.data_parallel
    if size > samples:
        raise OutOfDomain(
            f"batch_size is {size}, but the training has {counted(samples, 'sample')}",
            ("batch_size",),
        )
    _require_line_search(specification, size, samples)
    smallest = samples % size or size
    if shards is not None and not 1 <= shards <= smallest:
        raise OutOfDomain(
            f"data_parallel is {shards}, but the smallest batch has {counted(smallest, 'sample')}, "
            "and every shard needs one",
            ("data_parallel",),
        )


def _require_line_search(specification: TrainingConfig, size: int, samples: int) -> None:
    """Refuse what has no meaning for L-BFGS, which takes its steps from the loss of all samples."""
    if not isinstance(specification.optimizer, LBFGS):
        return
    if size < samples:
        raise OutOfDomain(
            f"lbfgs needs all {samples} training samples in each iteration, but batch_size is "
            f"{size}",
            ("batch_size",),
        )
    for name, value in (
        ("schedule", specification.schedule),
        ("clip_norm", specification.clip_norm),
    ):
        if value is not None:
            raise OutOfDomain(f"lbfgs finds its step size by itself: leave out {name}", (name,))
