"""Lookup tables: samples in order of x, each with the room that a tolerance leaves it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from core.approximation.polyline.shape_constraints import keep_shape
from core.arrays import Array, require_finite
from core.errors import InvalidGrid, OutOfDomain, ShapeMismatch, counted


@dataclass(frozen=True, eq=False)
class SampleTable:
    """Samples in order of x, which may repeat: y is known to be in [low, high].

    A weight w asks for w times the distance of NN(x) from [low, high] to be within the tolerance.
    Raises `ShapeMismatch` for different lengths, `InvalidGrid` without samples, `NotFinite`, and
    `OutOfDomain` for a weight that is not above 0 or a low above its high.
    """

    x: Float64[Array, "n"]
    low: Float64[Array, "lows"]
    high: Float64[Array, "highs"]
    weights: Float64[Array, "weights"]
    positions: Int64[Array, "n"] | None = None
    """Where each sample stands in the request, where that is not its place here."""

    def __post_init__(self) -> None:
        """Refuse what is no table."""
        columns = ((self.low, "y"), (self.high, "y"), (self.weights, "weights"))
        for column, name in columns:
            if len(column) != len(self.x):
                raise ShapeMismatch(
                    f"{name} has {counted(len(column), 'entry', 'entries')}, "
                    f"but x has {len(self.x)}",
                    ("samples", name),
                )
        for column, name in ((self.x, "x"), *columns):
            require_finite(column, name, ("samples", name))
        if not len(self.x):
            raise InvalidGrid("there are no samples", ("samples", "x"))
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

    def in_order(self) -> "SampleTable":
        """Return the samples in order of x, equal x in the order given."""
        if (self.x[1:] >= self.x[:-1]).all():
            return self
        order = np.argsort(self.x, kind="stable")
        x, low, high, weights = (u[order] for u in (self.x, self.low, self.high, self.weights))
        return SampleTable(x, low, high, weights, order)

    def without_repeats(self) -> "SampleTable":
        """Return one sample of equal ones, all in order and exact.

        Raises `InvalidGrid` where one x has several y.
        """
        starts = self._starts
        if len(starts) == len(self.x):
            return self
        number = np.searchsorted(starts, np.arange(len(self.x)), side="right") - 1
        other = self.low != self.low[starts][number]
        if other.any():
            i = int(np.argmax(other))
            here = self.low[self.x == self.x[i]]
            spread = float(here.max() - here.min())
            raise InvalidGrid(
                f"x = {self.x[i]} has the values {here[0]} and {self.low[i]}, and nothing "
                f"continuous has both: give a tolerance of at least {0.5 * spread:.6g} for a value "
                "near all of them, or write a jump as two x that differ by the width of the step",
                ("samples", "x", self._position(i)),
            )
        return SampleTable(
            self.x[starts], self.low[starts], self.high[starts], self.weights[starts]
        )

    def _position(self, i: int) -> int:
        return i if self.positions is None else int(self.positions[i])

    @property
    def is_exact(self) -> bool:
        """Whether every y is one number."""
        return bool((self.low == self.high).all())

    @property
    def _starts(self) -> Array:
        """The first sample of every different x."""
        return np.flatnonzero(np.append(True, self.x[1:] > self.x[:-1]))

    def room(self, tolerance: float) -> Float64[Array, "k"]:
        """Return how far NN may be from the samples at every different x."""
        return np.minimum.reduceat(tolerance / self.weights, self._starts)

    def gates(self, tolerance: float) -> tuple[Array, Array, Array]:
        """Return x, lower and upper of one gate per different x, shaped as the data are.

        Raises `OutOfDomain` where repeated measurements are too far apart for one value.
        """
        starts, room = self._starts, tolerance / self.weights
        x = self.x[starts]
        lower = np.maximum.reduceat(self.low - room, starts)
        upper = np.minimum.reduceat(self.high + room, starts)
        closed = lower > upper
        if closed.any():
            i = int(np.argmax(closed))
            same = self.x == x[i]
            apart = float(self.low[same].max() - self.high[same].min())
            raise OutOfDomain(
                f"no value is within {tolerance} of all measurements at x = {x[i]}, which are "
                f"{apart:.6g} apart: give a larger tolerance, or write a jump as two x that "
                "differ by the width of the step",
                ("samples", "y", self._position(int(starts[i]))),
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
    table = SampleTable(x, low, high, np.ones_like(x) if weights is None else weights)
    return table.in_order()
