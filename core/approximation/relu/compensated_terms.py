"""The λ of a polyline, each on top of what rounding has made of those before, in exact arithmetic.

λ_j is the float nearest to what is still missing of slope j, so the rounding of one λ is taken up
by the next and no error grows along the grid: at the next point NN is off by the rounding of one λ
times one step. Where that is more than `room`, as beside two points almost above one another, the
rest becomes a second unit at the same knot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from flint import fmpq
from jaxtyping import Float64

from core.approximation.relu.exact_polyline import ZERO, exactly, nearest_float
from core.arrays import Array
from core.errors import NotFinite

MAX_EXACT = 10_001
"""Points of a grid whose error is proved; a longer one is measured, in floats."""
MAX_PARTS = 64
"""Floats that one λ may be split into: the digits of every difference of slopes fit."""
ROOM, RELATIVE_ROOM, TOLERANCE_SHARE = 2.0**-44, 2.0**-40, 2.0**-10
"""Shares of the largest value, of each value, and of the tolerance that rounding may take."""

Rounding = Callable[[fmpq], float]


@dataclass
class TermSolver:
    """A sum that grows: from `at` on it goes on with `slope` from `height`."""

    at: float
    height: fmpq
    rounded: Rounding = nearest_float
    slope: fmpq = ZERO
    knots: list[float] = field(default_factory=list)
    lambdas: list[float] = field(default_factory=list)
    off: list[fmpq] = field(default_factory=list)
    """How far NN is from the heights that were wanted, point by point."""

    def pass_through(self, x: float, height: fmpq, room: float) -> None:
        """Add the units at `at` that take the sum to this height at x, within `room` of it."""
        step = exactly(x) - exactly(self.at)
        missing = (height - self.height) / step - self.slope
        self._add(missing, exactly(room) / step if room < np.inf else None)
        self.height += self.slope * step
        self.off.append(self.height - height)
        self.at = x

    def stop(self) -> None:
        """Add units that end every slope exactly: right of `at` the sum is constant."""
        self._add(-self.slope, ZERO)

    def _add(self, missing: fmpq, limit: fmpq | None) -> None:
        for part in range(MAX_PARTS):
            weight = self.rounded(missing)
            if not np.isfinite(weight):
                raise NotFinite(
                    f"the values change so fast at x = {self.at} that λ is beyond the floats; "
                    "the form by values and slopes (Accept: text/x-c) needs none",
                    ("outside",),
                )
            if part and weight == 0.0:
                break
            self.knots.append(self.at)
            self.lambdas.append(weight)
            change = exactly(weight)
            self.slope += change
            missing -= change
            if limit is None or abs(missing) <= limit:
                break


def rounding_room(
    values: Float64[Array, "n"], relative: bool = False, tolerance: float | None = None
) -> Float64[Array, "n"]:
    """Return how far NN may be from every value by rounding before a λ is split."""
    room = RELATIVE_ROOM * np.abs(values) if relative else np.full(len(values), ROOM * _top(values))
    if tolerance is None:
        return room
    return np.minimum(room, TOLERANCE_SHARE * tolerance * (np.abs(values) if relative else 1.0))


def _top(values: Array) -> float:
    return float(np.abs(values).max())


def solve(
    points: Sequence[float],
    heights: Sequence[float],
    room: Sequence[float],
    rounded: Rounding = nearest_float,
) -> TermSolver:
    """Take a sum that is constant before the first point through all others.

    It starts at the first height rounded, which is the bias. Raises `NotFinite` where a λ is beyond
    the floats.
    """
    solver = TermSolver(points[0], exactly(rounded(exactly(heights[0]))), rounded)
    for x, height, spare in zip(points[1:], heights[1:], room[1:], strict=True):
        solver.pass_through(x, exactly(height), spare)
    return solver


def multiple_of(step: float) -> Rounding:
    """Return the rounding to the nearest multiple of a power of 2."""
    unit = exactly(step)
    return lambda value: nearest_float((value / unit + fmpq(1, 2)).floor() * unit)
