"""A polyline with the fewest links within a tolerance of a formula."""

from dataclasses import dataclass
from math import inf, nextafter

import numpy as np
from jaxtyping import Float64

from core.approximation.polyline.adaptive_sampling import MAX_GATES, place_gates
from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.polyline import Polyline, vertices
from core.approximation.polyline.target import FormulaTarget
from core.approximation.polyline.tolerance_band import ToleranceBand
from core.arrays import Array
from core.errors import Jump, OutOfDomain

# The share by which the tunnel is narrower than the tolerance on either side: room for the cubic
# pieces and the last digits of an exchange, and more where f is so steep that no float meets it.
INSET, WIDEST_INSET = 5e-7, 1e-2
MAX_EXCHANGES = 40


@dataclass(frozen=True, eq=False)
class PolylineFit:
    """A polyline within the tolerance, by its vertices, and the gates that shaped it."""

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    gates: Float64[Array, "gates"]
    polyline: Polyline


def fit_within(
    target: FormulaTarget,
    tolerance: float,
    at_most: int | None = None,
    gates: Float64[Array, "gates"] | None = None,
    inset: float = INSET,
) -> PolylineFit | None:
    """Return a polyline with the fewest links within `tolerance`; None if that are over `at_most`.

    `gates` of an earlier fit save the sampling; `inset` is the share of the tunnel that stays free
    at either wall. Where the polyline leaves the tolerance between the gates, gates are added there
    and the search is repeated. Raises as `place_gates` does, and
    `OutOfDomain` where the repetition has no end because the tolerance is lost in rounding.
    """
    x = place_gates(target, tolerance) if gates is None else gates
    widest = max(WIDEST_INSET, inset)
    for _ in range(MAX_EXCHANGES):
        polyline = fewest_through(target.tunnel(x, tolerance, inset), at_most)
        if polyline is None:
            return None
        grid, values = (np.array(column) for column in vertices(polyline, x[0], x[-1]))

        def heights(u: Array, grid: Array = grid, values: Array = values) -> Array:
            return np.asarray(np.interp(u, grid, values))

        more = target.violations(heights, grid[1:-1], x, tolerance)
        if not len(more):
            return PolylineFit(grid, values, x, polyline)
        # Where the walls were touched too: the next search then sees at once what stops it there.
        touched = [at for window in polyline.windows for at in (window.left, window.right.x)]
        size, x = len(x), np.union1d(x, np.concatenate([more, touched]))
        if len(x) == size:
            inset *= 10.0
        if inset > widest or len(x) > MAX_GATES:
            break
    raise OutOfDomain(f"a tolerance of {tolerance} is lost in rounding", ("tolerance",))


def fewest_through(tunnel: ToleranceBand, at_most: int | None = None) -> Polyline | None:
    """Return a polyline with the fewest links between the walls of a tunnel.

    Raises `Jump` where neighbouring floats have no height in common, or the walls are so steep that
    a link would begin and end at one float.
    """
    lower, upper = tunnel.walls()
    _refuse_jumps(tunnel.curve.x, lower, upper)
    try:
        return min_link_polyline(tunnel.curve.x, lower, upper, at_most, tunnel.refine_contact)
    except ZeroDivisionError:
        raise Jump(
            "f jumps, or is so steep that no two floats are near enough to follow it; "
            "a grid of given points can",
            ("function",),
        ) from None


def _refuse_jumps(x: list[float], lower: list[float], upper: list[float]) -> None:
    """Refuse a link between neighbouring floats: the real numbers between them would miss f."""
    for i in range(len(x) - 1):
        apart = lower[i + 1] > upper[i] or upper[i + 1] < lower[i]
        if apart and nextafter(x[i], inf) >= x[i + 1]:
            raise Jump(f"f jumps at x = {x[i + 1]}: nothing continuous follows it", ("function",))
