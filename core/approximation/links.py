"""The fewest links of a continuous polyline through gates: Imai and Iri's window method, in O(n).

At every x_i the polyline has to pass between lower_i and upper_i. A link is drawn as far as any
line can reach; where the highest line fails below a gate (or the lowest above one), everything that
lies beyond can only be reached by crossing that extreme line right of its last contact. So the next
link has to start below its last contact, and the search goes on from there. No other choice reaches
farther, hence the number of links is least (H. Imai and M. Iri, An optimal algorithm for
approximating a piecewise linear function, Journal of Information Processing 9, 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

Numbers = Sequence[float]


class Line(NamedTuple):
    """y = at_y + slope (x - at_x)."""

    at_x: float
    at_y: float
    slope: float

    def __call__(self, x: float) -> float:
        """Return the height at x."""
        return self.at_y + self.slope * (x - self.at_x)

    def mirrored(self) -> Line:
        """Return the line with y turned to -y."""
        return Line(self.at_x, -self.at_y, -self.slope)


class Window(NamedTuple):
    """Why a link ends: the extreme line through two contacts misses the gate at `fails`."""

    left: int
    right: int
    fails: int


@dataclass(frozen=True)
class Polyline:
    """Lines in order, each crossing the next between the gates that force the change."""

    lines: tuple[Line, ...]
    windows: tuple[Window, ...]
    """One per change of line: its three gates alone already force the change."""


class _Highest:
    """The line that rises most: above `floors` on its left part, below `ceilings` on its right.

    The upper convex hull of the floors is kept as a stack; the contact on it only moves right, so
    everything left of it is forgotten, and all work together is linear.
    """

    __slots__ = (
        "at_x",
        "at_y",
        "ceilings",
        "contact",
        "floors",
        "hull",
        "left",
        "right",
        "slope",
        "x",
    )

    def __init__(self, x: Numbers, floors: Numbers, ceilings: Numbers) -> None:
        self.x, self.floors, self.ceilings = x, floors, ceilings
        self.restart(0)
        self.raise_floor(0)

    def restart(self, i: int) -> None:
        """Forget all gates left of i: any slope is possible right of it."""
        self.hull: list[int] = []
        self.contact = 0
        self.left = self.right = i
        self.at_x, self.at_y, self.slope = self.x[i], self.ceilings[i], inf

    def misses(self, i: int) -> bool:
        """Tell whether even this line stays below gate i."""
        return self.floors[i] > self.at_y + self.slope * (self.x[i] - self.at_x)

    def lower_to(self, i: int) -> None:
        """Turn the line down under the ceiling of gate i, around the hull of the floors."""
        x, y = self.x[i], self.ceilings[i]
        if self.slope < inf and y >= self.at_y + self.slope * (x - self.at_x):
            return
        hull, contact = self.hull, self.contact
        slope = (y - self.floors[hull[contact]]) / (x - self.x[hull[contact]])
        while contact + 1 < len(hull):
            next_slope = (y - self.floors[hull[contact + 1]]) / (x - self.x[hull[contact + 1]])
            if next_slope > slope:
                break
            contact, slope = contact + 1, next_slope
        self.contact, self.left, self.right = contact, hull[contact], i
        self.at_x, self.at_y, self.slope = x, y, slope

    def raise_floor(self, i: int) -> None:
        """Add the floor of gate i to the hull."""
        x, y, hull = self.x, self.floors, self.hull
        while len(hull) - self.contact >= 2:
            p, q = hull[-2], hull[-1]
            if (y[q] - y[p]) * (x[i] - x[p]) > (y[i] - y[p]) * (x[q] - x[p]):
                break
            hull.pop()
        hull.append(i)

    @property
    def line(self) -> Line:
        """The line as a value."""
        return Line(self.at_x, self.at_y, self.slope)


def fewest_links(
    x: Numbers, lower: Numbers, upper: Numbers, at_most: int | None = None
) -> Polyline | None:
    """Find a polyline with the fewest links through all gates; None if that are over `at_most`.

    There are at least 2 gates, x increases strictly and lower ≤ upper at every gate.
    """
    # The lowest line is the highest in the mirror y -> -y, where floors and ceilings change roles.
    highest = _Highest(x, lower, upper)
    lowest = _Highest(x, [-y for y in upper], [-y for y in lower])
    lines: list[Line] = []
    windows: list[Window] = []
    start = 0
    for i in range(1, len(x)):
        for failing, other in ((highest, lowest), (lowest, highest)):
            if failing.misses(i):
                if at_most is not None and len(lines) + 1 >= at_most:
                    return None
                lines.append(failing.line if failing is highest else failing.line.mirrored())
                windows.append(Window(failing.left, failing.right, i))
                _cross(failing, other, i)
                start = i
                break
        else:
            highest.lower_to(i)
            lowest.lower_to(i)
            highest.raise_floor(i)
            lowest.raise_floor(i)
    lines.append(_last_line(highest, lowest, start))
    return Polyline(tuple(lines), tuple(windows))


def _cross(failing: _Highest, other: _Highest, i: int) -> None:
    """Begin a link that crosses the failing line right of its last contact and meets gate i."""
    contact = failing.right
    failing.restart(i)
    failing.raise_floor(i)
    other.restart(i)
    for j in range(contact, i):
        other.raise_floor(j)
    other.lower_to(i)
    other.raise_floor(i)


def _last_line(highest: _Highest, lowest: _Highest, start: int) -> Line:
    """Choose among all lines that are left one that follows the gates and avoids their ends."""
    top, bottom = highest.line, lowest.line.mirrored()
    if top.slope == inf or bottom.slope == -inf:
        # A single gate is left; the extreme that is a line crosses the link before.
        return bottom if top.slope == inf else top
    end = len(highest.x) - 1
    x, middle = highest.x, [0.5 * (highest.floors[i] + highest.ceilings[i]) for i in (start, end)]
    run = x[end] - x[start]
    wanted = (middle[1] - middle[0]) / run if run > 0.0 else 0.0
    slope = min(max(wanted, bottom.slope), top.slope)
    room = top.slope - bottom.slope
    share = (slope - bottom.slope) / room if room > 0.0 else 0.5
    height = (1.0 - share) * bottom(x[end]) + share * top(x[end])
    return Line(x[end], height, slope)


def vertices(polyline: Polyline, x: Numbers) -> tuple[list[float], list[float]]:
    """Return the points where the polyline starts, bends and ends; x are its gates."""
    lines = polyline.lines
    at, heights = [x[0]], [lines[0](x[0])]
    for line, following, window in zip(lines, lines[1:], polyline.windows, strict=False):
        left, right = x[window.right], x[window.fails]
        # The lines change order between the contact and the failing gate: no cancellation here.
        before = abs(line(left) - following(left))
        after = abs(following(right) - line(right))
        bend = left + (right - left) * (before / (before + after))
        if bend > at[-1]:
            at.append(bend)
            heights.append(line(bend))
    if x[-1] > at[-1]:
        at.append(x[-1])
        heights.append(lines[-1](x[-1]))
    return at, heights
