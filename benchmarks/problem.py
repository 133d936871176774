"""What all peers have to do: the same network, samples, batches and steps."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from core.nn.initialization import initial_layers
from core.nn.layer import Layer
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.compiled import cache
from core.training.compiled.arithmetic import LANES, NUMPY, Arithmetic
from core.training.compiled_backend.coverage import is_covered
from core.training.config import TrainingConfig
from core.training.optimizers import Adam, GradientDescent, Optimizer

SEED = 1
Parameters = list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Problem:
    """A training without end; `samples` are a multiple of `batch_size`."""

    sizes: tuple[int, ...]
    samples: int
    hidden: str
    precision: str
    output: str = "sigmoid"
    loss: str = "squared"
    optimizer: Optimizer = field(default_factory=GradientDescent)
    batch_size: int | None = None
    arithmetic: Arithmetic = NUMPY

    @property
    def name(self) -> str:
        """The shape, as the table shows it."""
        step = f"batches of {self.batch_size}, " if self.batch_size else ""
        adam = f", {step}Adam" if isinstance(self.optimizer, Adam) else ""
        return f"{'-'.join(map(str, self.sizes))} × {self.samples}{adam}"

    @property
    def specification(self) -> TrainingConfig:
        """For `core.training.trainer`."""
        return TrainingConfig(
            sizes=self.sizes,
            activations=(self.hidden,) * (len(self.sizes) - 2) + (self.output,),
            loss=self.loss,
            optimizer=self.optimizer,
            iterations=10**9,
            batch_size=self.batch_size,
            seed=SEED,
            arithmetic=self.arithmetic,
            precision="float32" if self.precision == "float32" else "float64",
        )

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """X and y, row per sample; y are classes where the loss is cross_entropy."""
        generator = np.random.default_rng(SEED)
        x = generator.normal(size=(self.samples, self.sizes[0]))
        y = generator.uniform(size=(self.samples, self.sizes[-1]))
        if self.loss == "cross_entropy":
            y = np.eye(self.sizes[-1])[y.argmax(axis=1)]
        return x.astype(self.precision), y.astype(self.precision)

    def parameters(self) -> Parameters:
        """The first weights (d_out, d_in) and biases of each layer, for a peer to change."""
        return [
            (one.weights.astype(self.precision), one.biases.astype(self.precision))
            for one in self._layers()
        ]

    def checkpoint(self) -> Checkpoint:
        """The same parameters, for `core.training.trainer`."""
        return first_checkpoint(self.specification, self._layers())

    def batches(self) -> Iterator[np.ndarray | slice]:
        """The samples of each iteration, without end."""
        if self.batch_size is None:
            while True:
                yield slice(None)
        epoch = 0
        while True:
            rows = self.specification.epoch_rows(np.arange(self.samples), epoch)
            yield from np.split(rows, self.samples // self.batch_size)
            epoch += 1

    def as_accepted(self) -> "Problem":
        """The same with the arithmetic that the service gives it; raises without the kernels."""
        if not cache.is_ready():
            raise SystemExit("compile the kernels first: chainrule compile")
        return replace(self, arithmetic=LANES) if is_covered(self.specification) else self

    def as_scikit_learn_can(self) -> "Problem":
        """The same with an output that scikit-learn has for the loss."""
        return replace(self, output="identity") if self.loss == "squared" else self

    def _layers(self) -> tuple[Layer, ...]:
        activations = self.specification.activations
        return initial_layers(self.sizes, activations, np.random.default_rng(SEED))
