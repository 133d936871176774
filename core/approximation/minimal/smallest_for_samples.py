"""The smallest network within a tolerance of every sample of a table, in O(n)."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from core.approximation.minimal.minimality_proof import MinimalityProof, is_proved
from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.polyline import Polyline, vertices
from core.approximation.polyline.sample_hull import SampleHull
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
# The search for the least error ends at this many units of the last place of the largest value.
MIN_UNITS = 64.0
# How far, in excesses by rounding, a polyline keeps off the walls between the samples.
KEEP_OFF = (2.0, 8.0, 32.0)
# The share of the table's range by which a smallest network may leave the hull of its samples, and
# in how many halvings the least such overshoot is looked for.
MAX_OVERSHOOT, OVERSHOOT_ROUNDS, OVERSHOOT_ROUNDING = 0.25, 12, 2.0**-40


class Overshoot(NamedTuple):
    """A gap between samples in which no network with only `segments` segments stays near them.

    It would leave the hull of what both samples allow, widened by the tolerance: by `excess` does
    the network that was found, which is 0 where that has more segments instead.
    """

    interval: tuple[float, float]
    segments: int
    excess: float


@dataclass(frozen=True, eq=False)
class SmallestForSamples:
    """A polyline near every sample, and the samples that prove that fewer points do not do."""

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    tolerance: float
    proof: MinimalityProof | None
    overshoot: Overshoot | None = None
    """What keeps the network between its samples costs, where it costs points."""


def smallest_within_samples(table: SampleTable, tolerance: float) -> SmallestForSamples:
    """Return the fewest points whose network is within the tolerance of every sample.

    Between two samples it stays within the hull of their bands, widened by the tolerance
    (`SampleHull`), or leaves that as little as so few points allow; where they only allow more than
    a quarter of the table's range, there are more points. It is monotone or convex where the data
    are. Rounding stays inside the tolerance unless that would cost a point. A tolerance of 0 keeps
    to intervals; to numbers nothing can keep but for rounding. Raises `OutOfDomain` for a tolerance
    below that, or less than what repeated measurements differ by.
    """
    if not (tolerance > 0.0 or (tolerance == 0.0 and not table.is_exact)):
        raise OutOfDomain(f"the tolerance is {tolerance}, not above 0", ("tolerance",))
    x, lower, upper = table.gates(tolerance)
    found = _near_samples(x, lower, upper, table.room(tolerance))
    proof = _proof(found.fewest, tolerance, x, lower, upper)
    grid, values = _vertices(found.polyline, x)
    excess = table.error(grid, values) - tolerance
    if excess > 0.0:
        inset = np.minimum(2.0 * excess / float(table.weights.min()), 0.5 * (upper - lower))
        hull = SampleHull(x, lower + inset, upper - inset, found.widening)
        inside = _through(x, lower + inset, upper - inset, hull)
        if len(inside.lines) == len(found.polyline.lines):
            grid, values = _vertices(inside, x)
    hull = SampleHull(x, lower, upper, table.room(tolerance))
    overshoot = _measured(found, hull, grid, values)
    return SmallestForSamples(grid, values, tolerance, proof, overshoot)


class _Near(NamedTuple):
    """A polyline through the gates, one with the fewest links, and the walls between the gates."""

    polyline: Polyline
    fewest: Polyline
    widening: Array
    overshoot: Overshoot | None


def _measured(found: _Near, hull: SampleHull, grid: Array, values: Array) -> Overshoot | None:
    """Say how far the polyline leaves the hull, by the rounding of its bends too."""
    gap, excess = hull.excess(grid, values)
    if excess <= OVERSHOOT_ROUNDING * float(np.abs(values).max()):
        return found.overshoot and found.overshoot._replace(excess=0.0)
    return Overshoot(gap, len(found.fewest.lines), excess)


def _near_samples(x: Array, lower: Array, upper: Array, room: Array) -> _Near:
    """Choose a polyline with the fewest links that leaves the hull of the samples least."""

    def within(widening: Array) -> tuple[Polyline, SampleHull]:
        hull = SampleHull(x, lower, upper, widening)
        polyline = _through(x, lower, upper, hull)
        # Beside a jump the floats of a bend are far apart in height: keep off the walls by that.
        _, excess = hull.excess(*_vertices(polyline, x))
        for share in KEEP_OFF if excess > 0.0 else ():
            inner = SampleHull(x, lower, upper, np.maximum(widening - share * excess, 0.0))
            narrower = _through(x, lower, upper, inner)
            is_near = hull.excess(*_vertices(narrower, x))[1] == 0.0
            if is_near and len(narrower.lines) == len(polyline.lines):
                return narrower, hull
        return polyline, hull

    fewest = _through(x, lower, upper)
    polyline, hull = within(room)
    if len(polyline.lines) == len(fewest.lines):
        return _Near(polyline, fewest, room, None)
    gap, links = hull.exits[0], len(fewest.lines)
    low, high = 0.0, MAX_OVERSHOOT * float(upper.max() - lower.min())
    if len(within(room + high)[0].lines) > links:
        return _Near(polyline, fewest, room, Overshoot(gap, links, 0.0))
    for _ in range(OVERSHOOT_ROUNDS):
        middle = 0.5 * (low + high)
        _, hull = found = within(room + middle)
        if len(found[0].lines) > links:
            low, gap = middle, hull.exits[0]
        else:
            high = middle
    polyline, _ = within(room + high)
    return _Near(polyline, fewest, room + high, Overshoot(gap, links, high))


def _through(x: Array, lower: Array, upper: Array, hull: SampleHull | None = None) -> Polyline:
    polyline = min_link_polyline(
        x.tolist(), lower.tolist(), upper.tolist(), None, hull.end_link if hull else None
    )
    if polyline is None:
        raise RuntimeError("without a limit there is always a polyline")
    return polyline


def _vertices(polyline: Polyline, x: Array) -> tuple[Array, Array]:
    at, heights = vertices(polyline, float(x[0]), float(x[-1]))
    return np.array(at), np.array(heights)


def nearest_to_samples(table: SampleTable, n: int) -> SmallestForSamples:
    """Return at most n points whose network has the least error at the samples.

    Between the samples it stays near them as in `smallest_within_samples` where n points allow it.
    Raises `InvalidGrid` for n < 2.
    """
    if n < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got n = {n}", ("n",))
    heaviest, largest = float(table.weights.max()), np.maximum(-table.low, table.high)
    rounding = MIN_UNITS * float(np.finfo(float).eps * (table.weights * np.abs(largest)).max())
    low = max(rounding, float(np.finfo(float).tiny))
    high = max(heaviest * float(table.high.max() - table.low.min()), 2.0 * low)
    if _feasible(table, low, n - 1):
        return _with_at_most(table, low, n)
    while high > low * (1.0 + PRECISION):
        middle = low**0.5 * high**0.5
        low, high = (low, middle) if _feasible(table, middle, n - 1) else (middle, high)
    return _with_at_most(table, high * (1.0 + PRECISION), n)


def _with_at_most(table: SampleTable, tolerance: float, n: int) -> SmallestForSamples:
    """Return the polyline within the hull; one that leaves it where that needs more points."""
    found = smallest_within_samples(table, tolerance)
    if len(found.grid) <= n:
        return found
    x, lower, upper = table.gates(tolerance)
    grid, values = _vertices(_through(x, lower, upper), x)
    return replace(found, grid=grid, values=values)


def _feasible(table: SampleTable, tolerance: float, links: int) -> bool:
    """Return whether this many links are enough."""
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
