"""Backpropagation compared with a derivative computed without the chain rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.gradient_check.numerical_gradient import NumericalGradient, numerical_gradients
from core.gradient_check.perturbation import Method
from core.nn.activations import Activation
from core.nn.backprop import Backpropagation, LayerGradient, Reduction
from core.nn.elementary.functions import sum_of_others
from core.nn.forward import Trace
from core.nn.layer import Layer
from core.nn.losses import BINARY_CROSS_ENTROPY, Loss

FLOOR = 1e-3
"""A gradient below this share of what cancels in it is not compared digit by digit: rounding leaves
about 1e-16 of that."""
RESOLUTION = 1e-290
"""A gradient below this is not compared digit by digit: its floats end at 5e-324."""


@dataclass(frozen=True)
class NonSmoothUnit:
    """A unit whose s is at the kink of its activation; indices count from 0."""

    layer: int
    unit: int
    sample: int


@dataclass(frozen=True)
class GradientCheck:
    """Where backpropagation and the numerical gradient differ most.

    The relative error of a gradient a and its numerical b is |a - b| / max(|a|, |b|, floor). The
    floor is `FLOOR` times the sum of the absolute values that cancel in a, over samples and units,
    and at least that of the largest gradient, brought to one scale by max |x_j|. Samples at a kink
    do not count.
    """

    method: Method
    max_relative_error: float
    layer: int
    """Counts from 0."""
    parameter: Literal["weights", "biases"]
    index: tuple[int, ...]
    compared: int
    """The number of parameters compared: all but those for which every sample is at a kink."""
    kinks: tuple[NonSmoothUnit, ...]


def gradient_check(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    backpropagation: Backpropagation,
    reduction: Reduction = "mean",
) -> GradientCheck:
    """Compare every gradient of `backpropagation`, which is of the same network and samples.

    With reduction none the sum over the samples is compared. Gradients in float32 are compared with
    float64, so that their rounding shows. The cost is `gradient_check_operations`.
    """
    numerical = numerical_gradients(layers, x, y, loss, backpropagation.delta)
    share = 1.0 / len(x) if reduction == "mean" else 1.0
    scale = share * max((of_layer.magnitude / of_layer.reach).max() for of_layer in numerical)
    is_zero = not backpropagation.loss.any()
    errors = [
        _relative_errors(
            gradient,
            of_layer,
            share,
            np.maximum(scale * of_layer.reach, share * cancelling),
            is_zero,
        )
        for gradient, of_layer, cancelling in zip(
            backpropagation.gradients,
            numerical,
            _cancelling_sums(layers, y, loss, backpropagation),
            strict=True,
        )
    ]
    layer = int(np.argmax([error.max() for error in errors]))
    row, column = map(int, np.unravel_index(errors[layer].argmax(), errors[layer].shape))
    of_weights = column < layers[layer].d_in
    return GradientCheck(
        method="complex_step",
        max_relative_error=max(0.0, float(errors[layer].max())),
        layer=layer,
        parameter="weights" if of_weights else "biases",
        index=(row, column) if of_weights else (row,),
        compared=sum(int(np.sum(error >= 0.0)) for error in errors),
        kinks=_kinks(numerical),
    )


def _relative_errors(
    gradient: LayerGradient,
    numerical: NumericalGradient,
    share: float,
    scale: Array,
    is_zero: bool,
) -> Array:
    """Shaped as [w | b]; -1 where no sample counts."""
    both = np.concatenate([gradient.weights, gradient.biases[..., None]], axis=-1)
    a = both.astype(np.float64).reshape(-1, *numerical.value.shape).sum(axis=0)
    b = share * numerical.value
    floor = np.maximum(FLOOR * scale, RESOLUTION)
    errors = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
    if is_zero:  # E is 0 by rounding in the network's precision, and may not be so in float64
        errors = np.where(a == 0.0, 0.0, errors)
    return np.where(numerical.counts, errors, -1.0)


def _cancelling_sums(
    layers: Sequence[Layer],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    backpropagation: Backpropagation,
) -> list[Array]:
    """For each layer the sums of ∂E/∂[w | b] over samples and units with every term positive."""
    trace = backpropagation.trace
    sums: list[Array] = []
    with np.errstate(all="ignore"):
        terms = _terms_of_delta(loss, layers[-1].activation, trace, y)
        absolute = np.fmax(np.abs(backpropagation.delta[-1].astype(np.float64)), terms)
        for number in range(len(layers) - 1, -1, -1):
            x_and_one = np.column_stack([np.abs(trace.x[number]), np.ones(len(absolute))])
            sums.insert(0, np.nan_to_num(absolute.T @ x_and_one, nan=np.inf))
            if number:
                d_x = absolute @ np.abs(layers[number].weights)
                absolute = np.abs(layers[number - 1].activation.vjp(d_x, trace.s[number - 1]))
    return sums


def _terms_of_delta(loss: Loss, activation: Activation, trace: Trace, y: Array) -> Array:
    """The sum of the absolute values of the terms of δ^(L); NaN where one leaves the floats."""
    s, output = trace.s[-1], trace.output
    if not np.isfinite(loss.bounds).any():  # a multiple of the squared loss
        # σ(s) - y is accurate at the ends of a range, elsewhere as accurate as σ(s).
        accurate = np.isin(y, (-1.0, 0.0, 1.0)) & (activation.saturated_residual is not None)
        d_x = np.where(accurate, np.abs(activation.residual(s, y)), np.abs(output) + np.abs(y))
    else:
        d_x = np.abs(loss.gradient(output, y))
    if activation.derivative is not None:
        if loss is BINARY_CROSS_ENTROPY:
            d_x = np.abs((1.0 - y) / (1.0 - output)) + np.abs(y / output)
        return d_x * activation.derivative(s)
    terms = output * (d_x * sum_of_others(output) + sum_of_others(output * d_x))
    bound = output * (output.shape[1] + np.abs(y).sum(axis=1, keepdims=True)) + np.abs(y)
    return np.where(np.isfinite(terms), np.minimum(terms, bound), bound)


def _kinks(numerical: Sequence[NumericalGradient]) -> tuple[NonSmoothUnit, ...]:
    of_layers = [
        np.logical_or.reduce(of_layer)
        for of_layer in zip(*(gradient.kinks for gradient in numerical), strict=True)
    ]
    return tuple(
        NonSmoothUnit(layer, int(unit), int(sample))
        for layer, at_kink in enumerate(of_layers)
        for sample, unit in np.argwhere(at_kink)
    )
