"""Conventions in which books differ, declared by name, and backpropagation by them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.arrays import Array, require_finite
from core.errors import OutOfDomain
from core.nn.activations import leaky_relu
from core.nn.backprop import Backpropagation, LayerGradient, Reduction
from core.nn.layer import Layer

MAX_L2 = 1e6


@dataclass(frozen=True)
class WeightsForm:
    """The form of matrices of weights in a book or a request, and of their gradients."""

    layout: Literal["columns", "rows"] = "columns"
    bias: Literal["apart", "first", "last"] = "apart"

    def written(self, weights: Array, biases: Array) -> Array:
        """The matrix of one row per unit, and the biases, in this form; axes may stand in front."""
        column = biases[..., None]
        parts = {"apart": (weights,), "first": (column, weights), "last": (weights, column)}
        whole = np.concatenate(parts[self.bias], axis=-1)
        return whole.swapaxes(-1, -2) if self.layout == "rows" else whole

    def read(self, matrix: Array, d_in: int) -> tuple[Array, Array | None]:
        """One row per unit, and the biases where they are a column of it."""
        rows = matrix.T if self.layout == "rows" else matrix
        if self.bias == "apart" or rows.shape[1] != d_in + 1:
            return rows, None
        column, rest = (0, slice(1, None)) if self.bias == "first" else (-1, slice(None, -1))
        return rows[:, rest], rows[:, column]

    def index(self, unit: int, below: int) -> tuple[int, int]:
        """Where the weight of a unit stands in such a matrix."""
        column = below + int(self.bias == "first")
        return (column, unit) if self.layout == "rows" else (unit, column)


USUAL_FORM = WeightsForm()


@dataclass(frozen=True)
class Conventions:
    """How a book writes what can be written in several ways.

    The defaults are those of docs/exercise-sheet.md.
    """

    delta: Literal["gradient", "error"] = "gradient"
    """`error`: δ and ∂E/∂x have the sign of y - ŷ, and the step is added."""
    update: Literal["parameter", "step"] = "parameter"
    """`step`: what is written is Δw = -η ∂E/∂w and not the new w."""
    shared_bias: bool = False
    """One bias for all units of a layer, whose gradient is the sum over them."""
    leak: float | None = None
    """The slope of the leaky ReLU below 0; None for 0.01."""
    l2: float = 0.0
    """λ of the penalty λ/(2N) Σ w², with N samples (1 for their sum); biases have none."""

    def __post_init__(self) -> None:
        """Raise `OutOfDomain` for a slope outside [0, 1) or a λ outside [0, 10⁶]."""
        if self.leak is not None and not 0.0 <= self.leak < 1.0:
            raise OutOfDomain(
                f"the slope of the leaky ReLU is {self.leak:g}, expected 0 to less than 1",
                ("conventions", "leak"),
            )
        if not 0.0 <= self.l2 <= MAX_L2:
            raise OutOfDomain(
                f"λ of the penalty is {self.l2:g}, expected 0 to {MAX_L2:g}", ("conventions", "l2")
            )

    def layers(self, layers: Sequence[Layer]) -> tuple[Layer, ...]:
        """The layers with the declared slope of the leaky ReLU.

        Raises `OutOfDomain` for a slope that no layer has, and for different biases in a layer
        whose units share their bias.
        """
        leaky = [layer.activation.name == "leaky_relu" for layer in layers]
        if self.leak is not None and not any(leaky):
            raise OutOfDomain(
                "no layer has the activation leaky_relu, whose slope this would be",
                ("conventions", "leak"),
            )
        if self.shared_bias:
            _require_shared(layers)
        if self.leak is None:
            return tuple(layers)
        activation = leaky_relu(self.leak)
        return tuple(
            replace(layer, activation=activation) if is_leaky else layer
            for layer, is_leaky in zip(layers, leaky, strict=True)
        )

    def backpropagation(
        self, result: Backpropagation, layers: Sequence[Layer], reduction: Reduction
    ) -> Backpropagation:
        """The numbers of the layers of `layers()`, as a book with these conventions has them.

        Raises `OutOfDomain` for a penalty where every sample has its own E, `NotFinite` where a
        number overflows.
        """
        gradients, loss = result.gradients, result.loss
        with np.errstate(over="ignore", invalid="ignore"):
            if self.shared_bias:
                gradients = tuple(map(_shared, gradients))
            if self.l2:
                share = self.l2 / self._samples(result, reduction)
                squares = sum(float(np.sum(layer.weights**2)) for layer in layers)
                loss = np.asarray(loss + 0.5 * share * squares)
                gradients = tuple(
                    LayerGradient(weights=one.weights + share * layer.weights, biases=one.biases)
                    for one, layer in zip(gradients, layers, strict=True)
                )
        require_finite(loss, "the loss with its penalty", ("conventions", "l2"))
        for number, one in enumerate(gradients):
            place = ("network", "layers", number)
            require_finite(one.weights, f"weights_gradient of layer {number + 1}", place)
            require_finite(one.biases, f"biases_gradient of layer {number + 1}", place)
        delta = tuple(-one for one in result.delta) if self.delta == "error" else result.delta
        return replace(result, gradients=gradients, loss=loss, delta=delta)

    @staticmethod
    def _samples(result: Backpropagation, reduction: Reduction) -> int:
        """The N of the penalty."""
        if reduction == "none":
            raise OutOfDomain(
                "the penalty is added once to the mean or the sum of E over the samples, but the "
                "reduction is none",
                ("conventions", "l2"),
            )
        return len(result.trace.output) if reduction == "mean" else 1


DEFAULT = Conventions()


def _require_shared(layers: Sequence[Layer]) -> None:
    for number, layer in enumerate(layers):
        if np.ptp(layer.biases) > 0.0:
            raise OutOfDomain(
                f"the units of layer {number + 1} share one bias by this convention, but their "
                "biases are different",
                ("network", "layers", number, "biases"),
            )


def _shared(gradient: LayerGradient) -> LayerGradient:
    total = gradient.biases.sum(axis=-1, keepdims=True)
    return LayerGradient(weights=gradient.weights, biases=gradient.biases * 0.0 + total)
