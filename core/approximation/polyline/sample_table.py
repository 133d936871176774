"""Lookup tables: samples in order of x, each with the room that a tolerance leaves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.polyline.shape_constraints import keep_shape
from core.arrays import Array, require_finite
from core.errors import InvalidGrid, OutOfDomain, ShapeMismatch


@dataclass(frozen=True, eq=False)
class SampleTable:
    """Samples in order of x, which may repeat: y is known to be in [low, high].

    A weight w asks for w times the distance of NN(x) from [low, high] to be within the tolerance.
    Raises `ShapeMismatch` for different lengths, `InvalidGrid` where x decreases or is one point
    only, `NotFinite`, and `OutOfDomain` for a weight that is not above 0 or a low above its high.
    """

    x: Float64[Array, "n"]
    low: Float64[Array, "lows"]
    high: Float64[Array, "highs"]
    weights: Float64[Array, "weights"]

    def __post_init__(self) -> None:
        """Refuse what is no table."""
        columns = ((self.low, "y"), (self.high, "y"), (self.weights, "weights"))
        for column, name in columns:
            if len(column) != len(self.x):
                raise ShapeMismatch(
                    f"there are {len(column)} {name} at {len(self.x)} x", ("samples", name)
                )
        for column, name in ((self.x, "x"), *columns):
            require_finite(column, name, ("samples", name))
        falls = self.x[1:] < self.x[:-1]
        if falls.any():
            i = int(np.argmax(falls)) + 1
            raise InvalidGrid(
                f"x[{i}] is {self.x[i]}, below x[{i - 1}], {self.x[i - 1]}", ("samples", "x", i)
            )
        if not len(self.x) or self.x[0] == self.x[-1]:
            raise InvalidGrid("the samples have fewer than 2 different x", ("samples", "x"))
        self._require(
            self.weights > 0.0, "weights", lambda i: f"weight {i} is {self.weights[i]}, not above 0"
        )
        self._require(
            self.low <= self.high,
            "y",
            lambda i: f"the interval {i} begins at {self.low[i]}, above its end {self.high[i]}",
        )

    def _require(self, holds: Array, name: str, sentence: Callable[[int], str]) -> None:
        if not holds.all():
            i = int(np.argmin(holds))
            raise OutOfDomain(sentence(i), ("samples", name, i))

    @property
    def is_exact(self) -> bool:
        """Whether every y is one number."""
        return bool((self.low == self.high).all())

    def gates(self, tolerance: float) -> tuple[Array, Array, Array]:
        """Return x, lower and upper of one gate per different x, shaped as the data are.

        Raises `OutOfDomain` where repeated measurements are too far apart for one value.
        """
        starts = np.flatnonzero(np.append(True, self.x[1:] > self.x[:-1]))
        room = tolerance / self.weights
        x = self.x[starts]
        lower = np.maximum.reduceat(self.low - room, starts)
        upper = np.minimum.reduceat(self.high + room, starts)
        closed = lower > upper
        if closed.any():
            i = int(np.argmax(closed))
            raise OutOfDomain(
                f"no value is within {tolerance} of all measurements at x = {x[i]}",
                ("samples", "y", int(starts[i])),
            )
        if len(starts) == len(self.x) and self.is_exact:
            lower, upper = keep_shape(x, self.low, lower, upper)
        return x, lower, upper

    def errors(self, output: Float64[Array, "outputs"]) -> Float64[Array, "outputs"]:
        """Return w · the distance of NN(x) from [low, high] at every sample."""
        off = np.maximum(self.low - output, output - self.high)
        return np.asarray(self.weights * np.maximum(off, 0.0))

    def error(self, grid: Float64[Array, "k"], values: Float64[Array, "k"]) -> float:
        """Return the largest of these errors for the polyline through the points."""
        return float(self.errors(np.interp(self.x, grid, values)).max())


def table_of(
    x: Float64[Array, "n"],
    y: Float64[Array, "values"] | Float64[Array, "values pair"],
    weights: Float64[Array, "weights"] | None = None,
) -> SampleTable:
    """Return the table of these samples, all of weight 1 if none are given.

    A y is one number, or the [low, high] of an interval in a row. Raises as `SampleTable` does.
    """
    if y.ndim == 2 and y.shape[1] != 2:
        raise ShapeMismatch(
            f"y has rows of {y.shape[1]}; an interval is [low, high]", ("samples", "y")
        )
    low, high = (y, y) if y.ndim == 1 else (y[:, 0].copy(), y[:, 1].copy())
    return SampleTable(x, low, high, np.ones_like(x) if weights is None else weights)
