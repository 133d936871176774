"""Lookup tables: the smallest network within a tolerance of every sample, in O(n)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.links import Polyline, fewest_links, vertices
from core.approximation.minimality import MinimalityProof, is_proved
from core.approximation.shape import keep_shape
from core.arrays import Array, require_finite
from core.errors import InvalidGrid, OutOfDomain, ShapeMismatch

PRECISION = 1e-9
# Below so many units of the last place of the largest value no error is searched for.
LEAST_UNITS = 64.0


@dataclass(frozen=True, eq=False)
class SmallestTable:
    """A polyline near every sample, and the samples that prove that fewer points do not do."""

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    tolerance: float
    proof: MinimalityProof | None


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


def smallest_within_samples(table: Table, tolerance: float) -> SmallestTable:
    """Return the fewest points whose network is within the tolerance of every sample.

    Between the samples it is free, except that it stays monotone or convex where the data are.
    Rounding stays inside the tolerance unless that would cost a point. Raises `OutOfDomain` for a
    tolerance that is not positive, or less than what repeated measurements differ by.
    """
    if not tolerance > 0.0:
        raise OutOfDomain(f"the tolerance is {tolerance}, not above 0", ("tolerance",))
    x, lower, upper = table.gates(tolerance)
    polyline, grid, values = _through(x, lower, upper)
    excess = table.error(grid, values) - tolerance
    if excess > 0.0:
        inset = np.minimum(2.0 * excess / float(table.weights.min()), 0.5 * (upper - lower))
        inside = _through(x, lower + inset, upper - inset)
        if len(inside[0].lines) == len(polyline.lines):
            grid, values = inside[1:]
    return SmallestTable(grid, values, tolerance, _proof(polyline, tolerance, x, lower, upper))


def _through(x: Array, lower: Array, upper: Array) -> tuple[Polyline, Array, Array]:
    polyline = fewest_links(x.tolist(), lower.tolist(), upper.tolist())
    if polyline is None:
        raise RuntimeError("without a limit there is always a polyline")
    at, heights = vertices(polyline, float(x[0]), float(x[-1]))
    return polyline, np.array(at), np.array(heights)


def nearest_to_samples(table: Table, n: int) -> SmallestTable:
    """Return at most n points whose network has the least error at the samples.

    Raises `InvalidGrid` for n < 2.
    """
    if n < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got n = {n}", ("n",))
    high = float(table.weights.max() * np.ptp(table.y))
    rounding = float(LEAST_UNITS * np.finfo(float).eps * (table.weights * np.abs(table.y)).max())
    high = max(high, 2.0 * rounding)
    low = rounding
    while high > low * (1.0 + PRECISION):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if _do(table, middle, n - 1) else (middle, high)
    return smallest_within_samples(table, high * (1.0 + PRECISION))


def _do(table: Table, tolerance: float, links: int) -> bool:
    """Tell whether so many links are enough."""
    try:
        x, lower, upper = table.gates(tolerance)
    except OutOfDomain:
        return False
    return fewest_links(x.tolist(), lower.tolist(), upper.tolist(), at_most=links) is not None


def _proof(
    polyline: Polyline, tolerance: float, x: Array, lower: Array, upper: Array
) -> MinimalityProof | None:
    """Return the samples that force every link, with gates rounded outwards."""
    at = {float(x[0]), float(x[-1])}
    for window in polyline.windows:
        at |= {window.left, window.right.x, window.exit.x}
    i = np.searchsorted(x, sorted(at))
    outer = np.nextafter(lower[i], -np.inf), np.nextafter(upper[i], np.inf)
    proof = MinimalityProof(tolerance, len(polyline.lines), x[i], *outer)
    return proof if is_proved(proof) else None
