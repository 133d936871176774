"""What to train and how, without the numbers: small, frozen, checked against the data once."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.arrays import Array, require_finite
from core.errors import OutOfDomain, ShapeMismatch
from core.nn.activations import Activation, get_activation
from core.nn.losses import Loss, get_loss
from core.tables.scaling import Scaling
from core.training.compiled.arithmetic import NUMPY, Arithmetic
from core.training.optimizers import GradientDescent, Optimizer
from core.training.split import Split, split_rows, split_sizes


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
        """The entry of `LOSSES`; raises `UnknownName`."""
        return get_loss(self.loss)

    @property
    def activation_functions(self) -> tuple[Activation, ...]:
        """One entry of `ACTIVATIONS` per layer; raises `UnknownName`."""
        return tuple(get_activation(name) for name in self.activations)

    @property
    def is_watched(self) -> bool:
        """Whether the best network is kept beside the last: by validation or early stopping."""
        return self.validation_fraction > 0.0 or self.early_stopping is not None

    def split(self, samples: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows to train on and the rows to validate on, drawn by the seed.

        Raises `OutOfDomain` where the fraction leaves either side empty.
        """
        parts = self.parts(samples)
        return parts.training, parts.validation

    def parts(self, samples: int) -> Split:
        """The same with the rows kept for a test."""
        return split_rows(samples, self.seed, self.validation_fraction, self.test_fraction)

    def split_sizes(self, samples: int) -> tuple[int, int]:
        """How many rows `split` gives to either side; raises `OutOfDomain` as it does."""
        return split_sizes(samples, self.validation_fraction, self.test_fraction)[:2]

    def iterations_per_epoch(self, samples: int) -> int:
        """The iterations that meet every training sample of so many samples once."""
        training, _ = self.split_sizes(samples)
        return -(-training // (self.batch_size or training))

    def epoch_rows(self, rows: np.ndarray, epoch: int) -> np.ndarray:
        """The training rows in the order of that epoch: a function of seed and epoch alone."""
        return np.random.default_rng((self.seed, 1, epoch)).permutation(rows)

    def batch_rows(self, samples: int, iteration: int) -> np.ndarray:
        """Which of so many samples iteration `iteration` (from 0) is made on, in their order."""
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
    if len(x) != len(y):
        raise ShapeMismatch(f"x has {len(x)} samples, but y has {len(y)}", ("data", "y"))
    for name, rows, width in (("x", x, specification.sizes[0]), ("y", y, specification.sizes[-1])):
        end = "first" if name == "x" else "last"
        if rows.shape[1] != width:
            raise ShapeMismatch(
                f"{name} has {rows.shape[1]} numbers per sample, "
                f"but the {end} of the sizes is {width}",
                ("data", name),
            )
        require_finite(rows, name, ("data", name))
    loss = specification.loss_function
    loss.require_range(specification.activation_functions[-1], ("loss",))
    loss.require_domain(y, "y", ("data", "y"))
    _require_batches(specification, specification.split_sizes(len(x))[0])


def _require_batches(specification: TrainingConfig, samples: int) -> None:
    size, shards = specification.batch_size or samples, specification.data_parallel
    if size > samples:
        raise OutOfDomain(
            f"batch_size is {size}, but there are {samples} samples to train on", ("batch_size",)
        )
    smallest = samples % size or size
    if shards is not None and not 1 <= shards <= smallest:
        raise OutOfDomain(
            f"data_parallel is {shards}, but the smallest batch has {smallest} samples, "
            "and every shard needs one",
            ("data_parallel",),
        )
