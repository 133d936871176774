"""Lookup tables: samples in order of x, each with the room that a tolerance leaves it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.shape import keep_shape
from core.arrays import Array, require_finite
from core.errors import InvalidGrid, OutOfDomain, ShapeMismatch


@dataclass(frozen=True, eq=False)
class Table:
    """Samples in order of x, which may repeat; a weight w asks for w |NN(x) - y| ≤ tolerance.

    Raises `ShapeMismatch` for different lengths, `InvalidGrid` where x decreases or is one point
    only, `NotFinite`, and `OutOfDomain` for a weight that is not above 0.
    """

    x: Float64[Array, "n"]
    y: Float64[Array, "values"]
    weights: Float64[Array, "weights"]

    def __post_init__(self) -> None:
        """Refuse what is no table."""
        for column, name in ((self.y, "y"), (self.weights, "weights")):
            if len(column) != len(self.x):
                raise ShapeMismatch(
                    f"there are {len(column)} {name} at {len(self.x)} x", ("samples", name)
                )
        for column, name in ((self.x, "x"), (self.y, "y"), (self.weights, "weights")):
            require_finite(column, name, ("samples", name))
        falls = self.x[1:] < self.x[:-1]
        if falls.any():
            i = int(np.argmax(falls)) + 1
            raise InvalidGrid(
                f"x[{i}] is {self.x[i]}, below x[{i - 1}], {self.x[i - 1]}", ("samples", "x", i)
            )
        if not len(self.x) or self.x[0] == self.x[-1]:
            raise InvalidGrid("the samples have fewer than 2 different x", ("samples", "x"))
        if not (self.weights > 0.0).all():
            i = int(np.argmin(self.weights > 0.0))
            raise OutOfDomain(
                f"weight {i} is {self.weights[i]}, not above 0", ("samples", "weights", i)
            )

    def gates(self, tolerance: float) -> tuple[Array, Array, Array]:
        """Return x, lower and upper of one gate per different x, shaped as the data are.

        Raises `OutOfDomain` where repeated measurements are too far apart for one value.
        """
        starts = np.flatnonzero(np.append(True, self.x[1:] > self.x[:-1]))
        room = tolerance / self.weights
        x = self.x[starts]
        lower = np.maximum.reduceat(self.y - room, starts)
        upper = np.minimum.reduceat(self.y + room, starts)
        closed = lower > upper
        if closed.any():
            i = int(np.argmax(closed))
            raise OutOfDomain(
                f"no value is within {tolerance} of all measurements at x = {x[i]}",
                ("samples", "y", int(starts[i])),
            )
        if len(starts) == len(self.x):
            lower, upper = keep_shape(x, self.y, lower, upper)
        return x, lower, upper

    def error(self, grid: Float64[Array, "k"], values: Float64[Array, "k"]) -> float:
        """Return max w |NN(x) - y|."""
        return float((self.weights * np.abs(np.interp(self.x, grid, values) - self.y)).max())


def table_of(
    x: Float64[Array, "n"],
    y: Float64[Array, "values"],
    weights: Float64[Array, "weights"] | None = None,
) -> Table:
    """Return the table of these samples, all of weight 1 if none are given."""
    return Table(x, y, np.ones_like(x) if weights is None else weights)
