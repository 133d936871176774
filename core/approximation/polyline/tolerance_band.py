"""The tunnel around a curve: where an extreme line touches its walls, and where it leaves it."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from core.approximation.polyline.hermite_curve import HermiteCurve
from core.approximation.polyline.polyline import Failure, Gate, Line, Window

CONTACT_ROUNDS = 12


class BandEdge(NamedTuple):
    """factor · curve + shift."""

    factor: float
    shift: float

    def mirrored(self) -> "BandEdge":
        """Return the wall with y turned to -y."""
        return BandEdge(-self.factor, -self.shift)


@dataclass(frozen=True, eq=False)
class ToleranceBand:
    """What lies between the lower and the upper wall along a curve."""

    curve: HermiteCurve
    lower: BandEdge
    upper: BandEdge

    def walls(self) -> tuple[list[float], list[float]]:
        """Return the heights of the lower and the upper wall at the gates."""
        heights = [piece[0] for piece in self.curve.pieces]
        heights.append(self.curve.height(len(heights) - 1, self.curve.x[-1]))
        return (
            [self.lower.factor * height + self.lower.shift for height in heights],
            [self.upper.factor * height + self.upper.shift for height in heights],
        )

    def height(self, wall: BandEdge, x: float) -> float:
        """Return the height of a wall at x."""
        return wall.factor * self.curve.height(self.curve.gap_of(x), x) + wall.shift

    def refine_contact(self, failure: Failure) -> Window | None:
        """Turn a failure at the gates into one at the walls; None where they disagree.

        The contacts slide along the walls to where the line touches them, and the exit is where it
        leaves the tunnel, before the gate that it misses.
        """
        floor, ceiling = self.lower, self.upper
        if failure.mirrored:
            floor, ceiling = ceiling.mirrored(), floor.mirrored()
        left, right = failure.left, failure.right
        end = self.curve.x[failure.missed]
        for _ in range(CONTACT_ROUNDS):
            line = self._through(floor, left, ceiling, right)
            new_left = self._touch(floor, line, left, max(failure.begin, self.curve.x[0]), right)
            new_right = self._touch(ceiling.mirrored(), line.mirrored(), right, new_left, end)
            settled = abs(new_left - left) + abs(new_right - right) <= 1e-14 * (end - left)
            left, right = new_left, new_right
            if settled or not left < right:
                break
        if not left < right:
            return None
        line = self._through(floor, left, ceiling, right)
        found = self._exit(floor, line, right, failure.missed)
        if found is None:
            return None
        leaves, following = found
        return Window(
            line.mirrored() if failure.mirrored else line,
            left,
            self._gate(right),
            self._gate(leaves),
            following,
        )

    def _gate(self, x: float) -> Gate:
        return Gate(x, self.height(self.lower, x), self.height(self.upper, x))

    def _through(self, floor: BandEdge, left: float, ceiling: BandEdge, right: float) -> Line:
        at_left, at_right = self.height(floor, left), self.height(ceiling, right)
        return Line(right, at_right, (at_right - at_left) / (right - left))

    def _touch(self, wall: BandEdge, line: Line, near: float, first: float, last: float) -> float:
        """Return the x in the gaps around `near` at which the wall rises most above the line."""
        curve, (factor, shift), (at_x, at_y, slope) = self.curve, wall, line
        here = curve.gap_of(near)
        best = near
        best_rise = factor * curve.height(here, near) + shift - (at_y + slope * (near - at_x))
        for gap in range(max(here - 1, 0), min(here + 2, len(curve.pieces))):
            for x, height in curve.tangent_points(gap, slope / factor):
                rise = factor * height + shift - (at_y + slope * (x - at_x))
                if rise > best_rise and first <= x <= last:
                    best, best_rise = x, rise
        return best

    def _exit(
        self, floor: BandEdge, line: Line, right: float, missed: int
    ) -> tuple[float, int] | None:
        """Return where the line goes below the floor right of `right`, and the gate after it."""
        curve = self.curve
        following = bisect_right(curve.x, right)
        while following <= missed and self.height(floor, curve.x[following]) <= line(
            curve.x[following]
        ):
            following += 1
        if following > missed:
            return None
        gap = following - 1
        inside = max(right, curve.x[gap])
        return curve.last_below(gap, floor, line, inside, curve.x[following]), following
