"""Backpropagation held against a derivative that knows no chain rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.gradient_check.numerical_gradient import NumericalGradient, numerical_gradients
from core.gradient_check.perturbation import Method, method_for
from core.nn.backprop import Backpropagation, LayerGradient, Reduction
from core.nn.layer import Layer
from core.nn.losses import Loss

# A gradient below this share of the scale is rounding: cancellation between units leaves 1e-16 of
# the scale, and a difference quotient 1e-16 E / STEP, some 1e-11 E.
FLOOR: dict[Method, float] = {"complex_step": 1e-3, "central_differences": 0.1}


@dataclass(frozen=True)
class NonSmoothUnit:
    """A unit whose s lies within the step of its activation's kink; indices count from 0."""

    layer: int
    unit: int
    sample: int


@dataclass(frozen=True)
class GradientCheck:
    """Where backpropagation and perturbation differ most.

    The relative error of a gradient a and its numerical b is |a - b| / max(|a|, |b|, floor · scale)
    with the scale of the largest gradient before samples cancel, the sum of their |∂E/∂w|. For
    central differences, which only see differences of E, it is at least |E|. Gradients are brought
    to one scale by max |x_j|. Samples within the step of a unit's kink do not count.
    """

    method: Method
    max_relative_error: float
    layer: int
    """Counts from 0."""
    parameter: Literal["weights", "biases"]
    index: tuple[int, ...]
    compared: int
    """How many parameters were: all but those that every sample keeps at a kink."""
    kinks: tuple[NonSmoothUnit, ...]


def gradient_check(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    backpropagation: Backpropagation,
    reduction: Reduction = "mean",
) -> GradientCheck:
    """Compare every gradient of `backpropagation`, which answers the same question.

    With reduction none the sum over the samples is compared; gradients in float32 are held against
    float64, so that their rounding shows. `gradient_check_operations` says what it will cost.
    """
    method = method_for(layers)
    numerical = numerical_gradients(layers, x, y, loss, backpropagation.delta)
    share = 1.0 / len(x) if reduction == "mean" else 1.0
    scale = share * max((one.magnitude / one.reach).max() for one in numerical)
    if method == "central_differences":
        scale = max(scale, float(np.abs(backpropagation.loss).sum()))
    least = not backpropagation.loss.any()
    errors = [
        _relative_errors(gradient, one, share, FLOOR[method] * scale, least)
        for gradient, one in zip(backpropagation.gradients, numerical, strict=True)
    ]
    layer = int(np.argmax([error.max() for error in errors]))
    row, column = map(int, np.unravel_index(errors[layer].argmax(), errors[layer].shape))
    of_weights = column < layers[layer].d_in
    return GradientCheck(
        method=method,
        max_relative_error=max(0.0, float(errors[layer].max())),
        layer=layer,
        parameter="weights" if of_weights else "biases",
        index=(row, column) if of_weights else (row,),
        compared=sum(int(np.sum(error >= 0.0)) for error in errors),
        kinks=_kinks(numerical),
    )


def _relative_errors(
    gradient: LayerGradient, numerical: NumericalGradient, share: float, floor: float, least: bool
) -> Array:
    """Shaped as [w | b]; -1 where no sample counts."""
    both = np.concatenate([gradient.weights, gradient.biases[..., None]], axis=-1)
    a = both.astype(np.float64).reshape(-1, *numerical.value.shape).sum(axis=0)
    b = share * numerical.value
    smallest = np.maximum(floor * numerical.reach, np.finfo(np.float64).tiny)
    largest = np.maximum(np.maximum(np.abs(a), np.abs(b)), smallest)
    errors = np.where(least & (a == 0.0), 0.0, np.abs(a - b) / largest)
    return np.where(numerical.counts, errors, -1.0)


def _kinks(numerical: Sequence[NumericalGradient]) -> tuple[NonSmoothUnit, ...]:
    of_layers = [
        np.logical_or.reduce(of_layer)
        for of_layer in zip(*(one.kinks for one in numerical), strict=True)
    ]
    return tuple(
        NonSmoothUnit(layer, int(unit), int(sample))
        for layer, crossed in enumerate(of_layers)
        for sample, unit in np.argwhere(crossed)
    )
