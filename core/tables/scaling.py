"""Scaling of inputs and targets, and networks that have it folded into their layers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float64

from core.arrays import Array
from core.nn.layer import Layer


@dataclass(frozen=True)
class Scaling:
    """x' = (x - x_shift) / x_scale per input, y' = (y - y_shift) / y_scale per target.

    Empty tuples leave x or y as it is. Every scale is above 0 and finite.
    """

    x_shift: tuple[float, ...] = ()
    x_scale: tuple[float, ...] = ()
    y_shift: tuple[float, ...] = ()
    y_scale: tuple[float, ...] = ()

    def scale_x(self, x: Float[Array, "samples d_in"]) -> Float[Array, "samples d_in"]:
        """Inputs as the network is trained on them."""
        return (x - np.array(self.x_shift)) / np.array(self.x_scale) if self.x_scale else x

    def scale_y(self, y: Float[Array, "samples d_out"]) -> Float[Array, "samples d_out"]:
        """Targets as the network is trained on them."""
        return (y - np.array(self.y_shift)) / np.array(self.y_scale) if self.y_scale else y

    def fold(self, layers: Sequence[Layer]) -> tuple[Layer, ...]:
        """Turn a network of scaled numbers into the same function of the numbers as they are.

        First layer: w' = w / x_scale, b' = b - w' x_shift. Last layer, whose activation is the
        identity: w' = y_scale w, b' = y_scale b + y_shift.
        """
        folded = list(layers)
        if self.x_scale:
            first = folded[0]
            weights = first.weights / np.array(self.x_scale)
            biases = first.biases - weights @ np.array(self.x_shift)
            folded[0] = _with(first, weights, biases)
        if self.y_scale:
            last, scale = folded[-1], np.array(self.y_scale)
            biases = scale * last.biases + np.array(self.y_shift)
            folded[-1] = _with(last, scale[:, None] * last.weights, biases)
        return tuple(folded)

    def unfold(self, layers: Sequence[Layer]) -> tuple[Layer, ...]:
        """The inverse of `fold`: a given network as it is trained on scaled numbers."""
        unfolded = list(layers)
        if self.y_scale:
            last, scale = unfolded[-1], np.array(self.y_scale)
            biases = (last.biases - np.array(self.y_shift)) / scale
            unfolded[-1] = _with(last, last.weights / scale[:, None], biases)
        if self.x_scale:
            first = unfolded[0]
            biases = first.biases + first.weights @ np.array(self.x_shift)
            unfolded[0] = _with(first, first.weights * np.array(self.x_scale), biases)
        return tuple(unfolded)


def _with(layer: Layer, weights: Array, biases: Array) -> Layer:
    kind = layer.weights.dtype
    return replace(layer, weights=weights.astype(kind), biases=biases.astype(kind))


def standard_scaling(
    values: Float[Array, "rows columns"],
) -> tuple[Float64[Array, " columns"], Float64[Array, " columns"]]:
    """Mean and standard deviation of each column; a constant column has scale 1."""
    shift = values.mean(axis=0, dtype=np.float64)
    return shift, _nonzero(values.std(axis=0, dtype=np.float64))


def robust_scaling(
    values: Float[Array, "rows columns"],
) -> tuple[Float64[Array, " columns"], Float64[Array, " columns"]]:
    """Median and distance of the quartiles of each column.

    Where the quartiles are equal, half the range takes the place of their distance; a constant
    column has scale 1 (Holzmüller, Grinsztajn and Steinwart, Better by default, NeurIPS 2024,
    section 3).
    """
    low, median, high = np.quantile(values.astype(np.float64), (0.25, 0.5, 0.75), axis=0)
    half_range = 0.5 * (values.max(axis=0) - values.min(axis=0))
    return median, _nonzero(np.where(high > low, high - low, half_range))


def _nonzero(scale: Float64[Array, " columns"]) -> Float64[Array, " columns"]:
    return np.where((scale > 0.0) & np.isfinite(scale), scale, 1.0)
