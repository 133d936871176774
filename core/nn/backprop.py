"""Backpropagation: the chain rule from the loss to every parameter and to the input."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array, require_finite
from core.nn.forward import Trace, forward
from core.nn.layer import Layer
from core.nn.losses import Loss

Reduction = Literal["mean", "sum", "none"]


@dataclass(frozen=True, eq=False)
class LayerGradient:
    """∂E/∂w^(l) and ∂E/∂b^(l), shaped as the parameter; `none` puts the axis samples in front."""

    weights: Float[Array, "*samples d_out d_in"]
    biases: Float[Array, "*samples d_out"]


@dataclass(frozen=True, eq=False)
class Backpropagation:
    """E with every number of the forward and the backward pass."""

    trace: Trace
    loss: Float[Array, "*samples"]
    """Mean or sum over the samples; with reduction none one number per sample."""
    delta: tuple[Float[Array, "samples _"], ...]
    """∂E/∂s^(l) of each sample's own E, never averaged."""
    gradients: tuple[LayerGradient, ...]
    x_gradient: Float[Array, "samples d_in"]
    """∂E/∂x^(0) of the reduced E."""


def backprop(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    reduction: Reduction = "mean",
) -> Backpropagation:
    """Task 5 of docs/exercise-sheet.md: δ^(L) = ∂E/∂x^(L) ⊙ σ′(s^(L)), then downwards.

    Raises `OutOfDomain` where the loss is undefined, `NotFinite` where a number overflows.
    """
    trace = forward(layers, x)
    loss.require_domain(y[:, : trace.output.shape[1]], "y", ("y",))  # weights may be behind it
    loss.require_domain(trace.output, "output", ("network",))
    last = layers[-1].activation
    with np.errstate(all="ignore"):
        losses = loss.value_of_s(last, trace.s[-1], y)
        require_finite(losses, "the loss of sample", ("y",))
        delta = [loss.delta(last, trace.s[-1], y)]
        for layer, above, s in zip(layers[-2::-1], layers[:0:-1], trace.s[-2::-1], strict=True):
            d_x = delta[0] @ above.weights
            delta.insert(0, layer.activation.vjp(d_x, s))
        share = 1.0 / len(x) if reduction == "mean" else 1.0
        gradients = tuple(
            _layer_gradient(of_layer, x_below, reduction, share)
            for of_layer, x_below in zip(delta, trace.x[:-1], strict=True)
        )
        x_gradient = share * (delta[0] @ layers[0].weights)
        reduced = losses if reduction == "none" else np.asarray(share * losses.sum())
    require_finite(reduced, "the loss", ("y",))
    _require_finite_gradients(gradients, x_gradient)
    return Backpropagation(
        trace=trace,
        loss=reduced,
        delta=tuple(delta),
        gradients=gradients,
        x_gradient=x_gradient,
    )


def _layer_gradient(
    delta: Array, x_below: Array, reduction: Reduction, share: float
) -> LayerGradient:
    """∂E/∂w^(l) = δ^(l) x^(l-1)ᵀ and ∂E/∂b^(l) = δ^(l), summed over samples unless `none`."""
    if reduction == "none":
        return LayerGradient(weights=delta[:, :, None] * x_below[:, None, :], biases=delta)
    return LayerGradient(weights=share * (delta.T @ x_below), biases=share * delta.sum(axis=0))


def _require_finite_gradients(gradients: Sequence[LayerGradient], x_gradient: Array) -> None:
    for number, gradient in enumerate(gradients, start=1):
        place = ("network", "layers", number - 1)
        require_finite(gradient.weights, f"weights_gradient of layer {number}", place)
        require_finite(gradient.biases, f"biases_gradient of layer {number}", place)
    require_finite(x_gradient, "x_gradient", ("x",))
