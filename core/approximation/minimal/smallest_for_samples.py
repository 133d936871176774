"""The smallest network within a tolerance of every sample of a table, in O(n)."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.minimal.minimality_proof import MinimalityProof, is_proved
from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.polyline import Polyline, vertices
from core.approximation.polyline.sample_table import SampleTable, table_of
from core.arrays import Array
from core.errors import InvalidGrid, OutOfDomain

__all__ = [
    "SampleTable",
    "SmallestForSamples",
    "nearest_to_samples",
    "smallest_within_samples",
    "table_of",
]

PRECISION = 1e-9
# Below so many units of the last place of the largest value no error is searched for.
MIN_UNITS = 64.0


@dataclass(frozen=True, eq=False)
class SmallestForSamples:
    """A polyline near every sample, and the samples that prove that fewer points do not do."""

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    tolerance: float
    proof: MinimalityProof | None


def smallest_within_samples(table: SampleTable, tolerance: float) -> SmallestForSamples:
    """Return the fewest points whose network is within the tolerance of every sample.

    Between the samples it is free, except that it stays monotone or convex where the data are.
    Rounding stays inside the tolerance unless that would cost a point. A tolerance of 0 keeps to
    intervals; to numbers nothing can keep but for rounding. Raises `OutOfDomain` for a tolerance
    below that, or less than what repeated measurements differ by.
    """
    if not (tolerance > 0.0 or (tolerance == 0.0 and not table.is_exact)):
        raise OutOfDomain(f"the tolerance is {tolerance}, not above 0", ("tolerance",))
    x, lower, upper = table.gates(tolerance)
    polyline, grid, values = _through(x, lower, upper)
    excess = table.error(grid, values) - tolerance
    if excess > 0.0:
        inset = np.minimum(2.0 * excess / float(table.weights.min()), 0.5 * (upper - lower))
        inside = _through(x, lower + inset, upper - inset)
        if len(inside[0].lines) == len(polyline.lines):
            grid, values = inside[1:]
    return SmallestForSamples(grid, values, tolerance, _proof(polyline, tolerance, x, lower, upper))


def _through(x: Array, lower: Array, upper: Array) -> tuple[Polyline, Array, Array]:
    polyline = min_link_polyline(x.tolist(), lower.tolist(), upper.tolist())
    if polyline is None:
        raise RuntimeError("without a limit there is always a polyline")
    at, heights = vertices(polyline, float(x[0]), float(x[-1]))
    return polyline, np.array(at), np.array(heights)


def nearest_to_samples(table: SampleTable, n: int) -> SmallestForSamples:
    """Return at most n points whose network has the least error at the samples.

    Raises `InvalidGrid` for n < 2.
    """
    if n < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got n = {n}", ("n",))
    heaviest, largest = float(table.weights.max()), np.maximum(-table.low, table.high)
    rounding = MIN_UNITS * float(np.finfo(float).eps * (table.weights * np.abs(largest)).max())
    low = max(rounding, float(np.finfo(float).tiny))
    high = max(heaviest * float(table.high.max() - table.low.min()), 2.0 * low)
    if _feasible(table, low, n - 1):
        return smallest_within_samples(table, low)
    while high > low * (1.0 + PRECISION):
        middle = low**0.5 * high**0.5
        low, high = (low, middle) if _feasible(table, middle, n - 1) else (middle, high)
    return smallest_within_samples(table, high * (1.0 + PRECISION))


def _feasible(table: SampleTable, tolerance: float, links: int) -> bool:
    """Tell whether so many links are enough."""
    try:
        x, lower, upper = table.gates(tolerance)
    except OutOfDomain:
        return False
    return min_link_polyline(x.tolist(), lower.tolist(), upper.tolist(), at_most=links) is not None


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
