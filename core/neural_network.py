"""`NeuralNetwork`, the class of Task 6 of the exercise sheet (docs/exercise-sheet.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Numbers, as_samples, require_equal_samples
from core.errors import MathematicalError, ShapeMismatch, counted
from core.nn.activations import get_activation
from core.nn.backprop import Backpropagation, Reduction, backprop
from core.nn.forward import Trace, forward
from core.nn.initialization import initial_layers
from core.nn.layer import Layer
from core.nn.losses import SQUARED, Loss
from core.training.checkpoint import first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import GradientDescent, Optimizer
from core.training.trainer import LocalTrainer

__all__ = ["Layer", "NeuralNetwork"]


@dataclass(frozen=True, eq=False)
class NeuralNetwork:
    """Layers from input to output; raises `ShapeMismatch` where two do not fit."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        """Validate that each layer takes the outputs of the layer below."""
        if not self.layers:
            raise ShapeMismatch("a network has at least one layer", ("network", "layers"))
        for number, (below, above) in enumerate(pairwise(self.layers), start=1):
            if above.d_in != below.d_out:
                raise ShapeMismatch(
                    f"layer {number + 1}: weights are {above.d_out} × {above.d_in}, "
                    f"but layer {number} has {counted(below.d_out, 'output')}",
                    ("network", "layers", number, "weights"),
                )
            if below.activation.couples_units:
                raise ShapeMismatch(
                    f"layer {number}: {below.activation.name} may only be the activation of the "
                    f"last of the {len(self.layers)} layers",
                    ("network", "layers", number - 1, "activation"),
                )

    @staticmethod
    def from_sizes(
        sizes: Sequence[int],
        activations: str | Sequence[str] = "sigmoid",
        generator: np.random.Generator | None = None,
    ) -> "NeuralNetwork":
        """Random network: w ~ N(0, 2 / (d_in + d_out)), b = 0; `sizes` are (d^(0), …, d^(L))."""
        return NeuralNetwork(
            initial_layers(sizes, activations, generator or np.random.default_rng())
        )

    @staticmethod
    def from_parameters(
        weights: Sequence[Numbers],
        biases: Sequence[Numbers],
        activations: str | Sequence[str] = "sigmoid",
        dtype: DTypeLike = np.float64,
    ) -> "NeuralNetwork":
        """Network of w^(1), …, w^(L), each with one row per unit, and b^(1), …, b^(L).

        Raises `ShapeMismatch`, `NotFinite` and `UnknownName` with the place.
        """
        names = [activations] * len(weights) if isinstance(activations, str) else activations
        if not len(weights) == len(biases) == len(names):
            raise ShapeMismatch(
                f"got {counted(len(weights), 'array')} of weights, {len(biases)} of biases "
                f"and {counted(len(names), 'activation')}; expected one of each per layer",
                ("network", "layers"),
            )
        with np.errstate(over="ignore"):  # `Layer` names the number that is too large
            arrays = [
                (np.asarray(w, dtype), np.asarray(b, dtype))
                for w, b in zip(weights, biases, strict=True)
            ]
        return NeuralNetwork(
            tuple(
                _layer(number, w, b, name)
                for number, ((w, b), name) in enumerate(zip(arrays, names, strict=True))
            )
        )

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """(d^(0), …, d^(L)): the width of the input and of every layer."""
        return (self.layers[0].d_in, *(layer.d_out for layer in self.layers))

    def astype(self, dtype: DTypeLike) -> "NeuralNetwork":
        """The same network in another precision."""
        return NeuralNetwork(tuple(layer.astype(dtype) for layer in self.layers))

    def samples(self, values: Numbers, name: Literal["x", "y"]) -> np.ndarray:
        """x or y as (samples, d) in the network's precision; raises `ShapeMismatch`."""
        width = self.sizes[0 if name == "x" else -1]
        try:
            return as_samples(values, width, name, self.layers[0].weights.dtype)
        except ShapeMismatch as error:
            advice = self._advice(np.shape(values)[-1:]) if name == "x" else ""
            raise ShapeMismatch(error.detail + advice, error.place) from error

    def _advice(self, width: tuple[int, ...]) -> str:
        """How the weights may have been meant, where x does not fit them."""
        if width == (self.sizes[0] - 1,):
            return '; if a column of the weights is the bias, say "bias": "first" or "last"'
        if width == (self.sizes[1],):
            return '; transposed: did you mean "layout": "rows"?'
        return ""

    def forward(self, x: Numbers) -> Trace:
        """Every s and x for x of (d,) or (samples, d); the trace has a row per sample."""
        return forward(self.layers, self.samples(x, "x"))

    def backprop(
        self, x: Numbers, y: Numbers, loss: Loss = SQUARED, reduction: Reduction = "mean"
    ) -> Backpropagation:
        """Loss, trace, deltas and the gradient of every parameter; raises `ShapeMismatch`."""
        x_rows, y_rows = self.samples(x, "x"), self.samples(y, "y")
        require_equal_samples(x_rows, y_rows)
        return backprop(self.layers, x_rows, y_rows, loss, reduction)

    def train(
        self,
        x: Numbers,
        y: Numbers,
        eta: float = 0.01,
        iterations: int = 100,
        loss: Loss = SQUARED,
        optimizer: Optimizer | None = None,
    ) -> "NeuralNetwork":
        """The network after `iterations` steps of batch gradient descent on the mean loss.

        Raises `Diverged` if the loss is no longer finite.
        """
        specification = TrainingConfig(
            sizes=self.sizes,
            activations=tuple(layer.activation.name for layer in self.layers),
            loss=loss.name,
            optimizer=optimizer or GradientDescent(eta=eta),
            iterations=iterations,
            precision="float32" if self.layers[0].weights.dtype == np.float32 else "float64",
        )
        training = LocalTrainer(
            specification,
            self.samples(x, "x"),
            self.samples(y, "y"),
            first_checkpoint(specification, self.layers),
        )
        training.run(iterations)
        training.loss()  # raises if the last step diverged
        return NeuralNetwork(training.checkpoint().layers(specification))


def _layer(number: int, weights: np.ndarray, biases: np.ndarray, activation: str) -> Layer:
    """A layer whose errors name its number."""
    place = ("network", "layers", number)
    try:
        return Layer(weights, biases, get_activation(activation))
    except MathematicalError as error:
        raise type(error)(f"layer {number + 1}: {error.detail}", (*place, *error.place)) from None
