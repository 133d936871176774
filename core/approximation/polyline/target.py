"""A formula to be met within a tolerance: its tunnel, and where a polyline leaves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from core.approximation.ball_arithmetic.removable_singularities import continued
from core.approximation.formula.analysis.known_digits import rounding_of
from core.approximation.formula.formula import Formula, derivative_of, finite_values, parse
from core.approximation.grids import equidistant, strictly_increasing
from core.approximation.polyline.hermite_curve import HermiteCurve
from core.approximation.polyline.tolerance_band import BandEdge, ToleranceBand
from core.arrays import Array
from core.errors import InvalidGrid, OutOfDomain

SIDES: dict[str, tuple[float, float]] = {
    "both": (-1.0, 1.0),
    "below": (-1.0, 0.0),
    "above": (0.0, 1.0),
}
"""How far below and above f a polyline may be, in tolerances."""
SHIFT_DIRECTION = {"both": 0.0, "below": -1.0, "above": 1.0}
"""The way to the side that was asked for."""
SAMPLES = np.array([0.25, 0.5, 0.75])


class Values(NamedTuple):
    """f, f′ (perhaps not finite), and what the tolerance is multiplied with: 1 or |f|."""

    y: Array
    slopes: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class FormulaTarget:
    """f on [a, b], to be met from below, from above or from both sides.

    With `relative` the tolerance is a share of |f|.
    """

    function: Formula
    interval: tuple[float, float]
    side: str = "both"
    relative: bool = False

    @staticmethod
    def parse(
        text: str,
        rule: str | Array,
        interval: Sequence[float] | None,
        side: str = "both",
        relative: bool = False,
    ) -> "FormulaTarget":
        """Return the formula on its interval, or from end to end of a grid of numbers.

        Raises `InvalidFormula`, `InvalidGrid` and `ShapeMismatch`.
        """
        function = parse(text)
        if isinstance(rule, str):
            a, b = interval or (0.0, 0.0)
            equidistant(a, b, 2)  # refuses what is no interval
        else:
            a, b = _ends(rule, interval)
        return FormulaTarget(continued(function, (a, b)), (a, b), side, relative)

    @cached_property
    def slope(self) -> Formula:
        """f′."""
        return derivative_of(self.function)

    @cached_property
    def curvature(self) -> Formula:
        """f″."""
        return derivative_of(self.slope)

    def values(self, x: Float64[Array, "*axes"]) -> Values:
        """Return f, f′ and the weight at every x.

        Raises `NotFinite`, and `OutOfDomain` where f has to be met relatively but is 0.
        """
        y, slopes = finite_values(self.function, x), self.slope(x)
        if not self.relative:
            return Values(y, slopes, np.ones_like(y))
        first = float(self.function(np.array(self.interval[0])))
        if not (y * first > 0.0).all():
            at = x.reshape(-1)[int(np.argmin((y * first > 0.0).reshape(-1)))]
            raise OutOfDomain(
                f"f changes its sign near x = {at}: a relative error has no room there", ("error",)
            )
        return Values(y, slopes, np.abs(y))

    def allowed_deviation(self, tolerance: float, inset: float = 0.0) -> tuple[float, float]:
        """Return how far below and above f one may be, narrowed on both ends by a share `inset`."""
        low, high = (tolerance * end for end in SIDES[self.side])
        return low + inset * (high - low), high - inset * (high - low)

    def wrong_side(self, lower: float, upper: float) -> float:
        """Return by how much NN may be on the wrong side, where f - NN is in [lower, upper].

        With `relative` the range is that of (f - NN)/f. Not above 0 where NN surely is on its side.
        """
        if self.side == "both":
            return 0.0
        is_below = self.side == "below"
        return -float(lower) if is_below != self.is_negative else float(upper)

    @cached_property
    def is_negative(self) -> bool:
        """Whether shares of f, not of |f|, have the other sign."""
        return self.relative and float(self.function(np.array(self.interval[0]))) < 0.0

    def excess(self, tolerance: float, lower: float, upper: float) -> float:
        """Return by how much f - NN in [lower, upper] exceeds the tolerance, on the side asked for.

        With `relative` the range is that of (f - NN)/f.
        """
        low, high = self.allowed_deviation(tolerance)
        if self.is_negative:
            low, high = -high, -low
        return float(max(-high - lower, upper + low))

    def tunnel(self, x: Float64[Array, "gates"], tolerance: float, inset: float) -> ToleranceBand:
        """Return the walls around the curve through the gates at x."""
        y, slopes, _ = self.values(x)
        curve = HermiteCurve.hermite(x, y, slopes)
        low, high = self.allowed_deviation(tolerance, inset)
        if self.relative:
            sign = float(np.sign(y[0]))
            return ToleranceBand(
                curve, BandEdge(1.0 + sign * low, 0.0), BandEdge(1.0 + sign * high, 0.0)
            )
        return ToleranceBand(curve, BandEdge(1.0, low), BandEdge(1.0, high))

    def violations(
        self,
        polyline: Callable[[Array], Array],
        bends: Float64[Array, "bends"],
        x: Float64[Array, "gates"],
        tolerance: float,
    ) -> Float64[Array, "more"]:
        """Return where the polyline leaves the tolerance, one x per hump between the gates.

        Every gap is sampled; the vertex of the parabola through the samples around the worst is
        tried too, and so are the bends and the gates themselves.
        """
        width = np.diff(x)
        points = x[:-1, None] + width[:, None] * SAMPLES
        excess = self._excess(polyline, points, tolerance)
        before, top, after = excess.T
        curve = before - 2.0 * top + after
        shift = 0.5 * (before - after) / np.where(curve < 0.0, curve, -np.inf)
        vertex = points[:, 1] + np.clip(SAMPLES[0] * shift, -0.5, 0.5) * width
        at_vertex = self._excess(polyline, vertex, tolerance)
        worst = np.argmax(excess, axis=1)
        best = np.where(
            at_vertex >= excess.max(axis=1), vertex, points[np.arange(len(width)), worst]
        )
        height = np.maximum(at_vertex, excess.max(axis=1))
        around = np.pad(height, 1, constant_values=-np.inf)
        humps = (height > 0.0) & (height >= around[:-2]) & (height >= around[2:])
        known = np.concatenate([bends, x])
        return np.concatenate([best[humps], known[self._excess(polyline, known, tolerance) > 0.0]])

    def _excess(self, polyline: Callable[[Array], Array], x: Array, tolerance: float) -> Array:
        """Return by how much more than rounding explains the polyline is outside."""
        y, slopes, weights = self.values(x)
        low, high = self.allowed_deviation(tolerance)
        off = polyline(x) - y
        return np.asarray(np.maximum(off - high * weights, low * weights - off)) - rounding_of(
            x, y, slopes
        )


def _ends(points: np.ndarray, interval: Sequence[float] | None) -> tuple[float, float]:
    grid = strictly_increasing(points)
    if interval and not interval[0] <= grid[0] <= grid[-1] <= interval[1]:
        raise InvalidGrid(
            f"the grid reaches from {grid[0]:g} to {grid[-1]:g}, "
            f"but the interval from {interval[0]:g} to {interval[1]:g}",
            ("grid",),
        )
    return float(grid[0]), float(grid[-1])
