"""The fewest links of a continuous polyline through gates: Imai and Iri's window method, in O(n).

At every x_i the polyline has to pass between lower_i and upper_i. A link is drawn as far as any
line can reach; where the highest line fails below a gate (or the lowest above one), everything that
lies beyond can only be reached by crossing that extreme line right of its last contact. So the next
link has to start below its last contact, and the search goes on from there. No other choice reaches
farther, hence the number of links is least (H. Imai and M. Iri, An optimal algorithm for
approximating a piecewise linear function, Journal of Information Processing 9, 1986).

Between gates the polyline is free. Where there are walls between them, `sharpen` says where the
extreme line really touches them and where it leaves them: these points become gates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

# Floats; or rational numbers, where every comparison has to be exact.
Number = Any
Numbers = Sequence[Number]


class Line(NamedTuple):
    """y = at_y + slope (x - at_x)."""

    at_x: Number
    at_y: Number
    slope: Number

    def __call__(self, x: Number) -> Number:
        """Return the height at x."""
        return self.at_y + self.slope * (x - self.at_x)

    def mirrored(self) -> Line:
        """Return the line with y turned to -y."""
        return Line(self.at_x, -self.at_y, -self.slope)


class Gate(NamedTuple):
    """An opening at x."""

    x: Number
    lower: Number
    upper: Number


class Window(NamedTuple):
    """Why a link ends: the extreme line through two contacts misses the gate at `exit`.

    The next link crosses the line between `right` and `exit`.
    """

    line: Line
    left: Number
    right: Gate
    exit: Gate
    following: int
    """The first gate that is not yet passed."""


class Failure(NamedTuple):
    """The highest line (the lowest, if `mirrored`) between two contacts misses gate `missed`."""

    mirrored: bool
    begin: Number
    """Left of it the line has no floor (no ceiling, if mirrored)."""
    left: Number
    right: Number
    missed: int


@dataclass(frozen=True)
class Polyline:
    """Lines in order, each crossing the next between the gates that force the change."""

    lines: tuple[Line, ...]
    windows: tuple[Window, ...]
    """One per change of line: its three gates alone already force the change."""


class _Side:
    """The line that rises most: above `floors` on its left part, below `ceilings` on its right.

    The upper convex hull of the floors is kept as a stack; the contact on it only moves right, so
    everything left of it is forgotten, and all work together is linear.
    """

    __slots__ = ("at_x", "at_y", "ceilings", "contact", "floors", "hull", "right", "slope", "x")

    def __init__(self, x: list[Number], floors: list[Number], ceilings: list[Number]) -> None:
        self.x, self.floors, self.ceilings = x, floors, ceilings
        self.hull: list[int] = []
        self.restart(0)
        self.raise_floor(0)

    def restart(self, i: int) -> None:
        """Forget all gates left of i: right of it any slope is possible, which None stands for."""
        self.hull = []
        self.contact, self.right = 0, i
        self.at_x, self.at_y = self.x[i], self.ceilings[i]
        self.slope: Number = None

    def misses(self, i: int) -> bool:
        """Tell whether even this line stays below gate i."""
        slope = self.slope
        if slope is None:
            return False
        return bool(self.floors[i] > self.at_y + slope * (self.x[i] - self.at_x))

    def lower_to(self, i: int) -> None:
        """Turn the line down under the ceiling of gate i, around the hull of the floors."""
        x, y = self.x[i], self.ceilings[i]
        if self.slope is not None and y >= self.at_y + self.slope * (x - self.at_x):
            return
        hull, contact = self.hull, self.contact
        slope = (y - self.floors[hull[contact]]) / (x - self.x[hull[contact]])
        while contact + 1 < len(hull):
            next_slope = (y - self.floors[hull[contact + 1]]) / (x - self.x[hull[contact + 1]])
            if next_slope > slope:
                break
            contact, slope = contact + 1, next_slope
        self.contact, self.right = contact, i
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


class _Search:
    """Both extreme lines of the link that is growing, and the gates."""

    def __init__(self, x: Numbers, lower: Numbers, upper: Numbers) -> None:
        self.x, self.lower, self.upper = list(x), list(lower), list(upper)
        self.size = len(self.x)
        # The lowest line is the highest in the mirror y -> -y, where floors and ceilings swap.
        self.under, self.over = [-y for y in upper], [-y for y in lower]
        self.highest = _Side(self.x, self.lower, self.upper)
        self.lowest = _Side(self.x, self.under, self.over)
        self.start = 0

    def failing(self, i: int) -> _Side | None:
        """Return the extreme line that misses gate i; both cannot."""
        if self.highest.misses(i):
            return self.highest
        return self.lowest if self.lowest.misses(i) else None

    def grow(self, i: int) -> None:
        """Take the link through gate i."""
        self.highest.lower_to(i)
        self.lowest.lower_to(i)
        self.highest.raise_floor(i)
        self.lowest.raise_floor(i)

    def failure(self, side: _Side, i: int) -> Failure:
        """Describe how `side` misses gate i."""
        left, begin = side.hull[side.contact], side.hull[0]
        mirrored = side is self.lowest
        return Failure(mirrored, self.x[begin], self.x[left], self.x[side.right], i)

    def at_the_gate(self, side: _Side, i: int) -> Window:
        """Return the window when there are no walls: the exit is gate i itself."""
        line = side.line.mirrored() if side is self.lowest else side.line
        left = self.x[side.hull[side.contact]]
        return Window(line, left, self._gate(side.right), self._gate(i), i + 1)

    def cross(self, side: _Side, window: Window) -> None:
        """Begin a link that crosses the failing line between its last contact and its exit."""
        other = self.lowest if side is self.highest else self.highest
        contact, self.start = self._added(window.right), self._added(window.exit)
        side.restart(self.start)
        side.raise_floor(self.start)
        other.restart(self.start)
        other.raise_floor(contact)
        first = window.following - 1
        while first >= 0 and self.x[first] > window.right.x:
            first -= 1
        for j in range(first + 1, window.following):
            if self.x[j] < window.exit.x:
                other.raise_floor(j)
        other.lower_to(self.start)
        other.raise_floor(self.start)

    def _gate(self, i: int) -> Gate:
        return Gate(self.x[i], self.lower[i], self.upper[i])

    def _added(self, gate: Gate) -> int:
        self.x.append(gate.x)
        for values, value in zip(
            (self.lower, self.upper, self.under, self.over),
            (gate.lower, gate.upper, -gate.upper, -gate.lower),
            strict=True,
        ):
            values.append(value)
        return len(self.x) - 1

    def last_line(self) -> Line:
        """Choose among all lines that are left one that follows the gates and avoids their ends."""
        if self.highest.slope is None:
            # A single gate is left; the extreme that is a line crosses the link before.
            return self.lowest.line.mirrored()
        if self.lowest.slope is None:
            return self.highest.line
        top, bottom = self.highest.line, self.lowest.line.mirrored()
        start, end = self.start, self.size - 1
        middle = [(self.lower[i] + self.upper[i]) / 2 for i in (start, end)]
        wanted = (middle[1] - middle[0]) / (self.x[end] - self.x[start])
        slope = min(max(wanted, bottom.slope), top.slope)
        room = top.slope - bottom.slope
        share = (slope - bottom.slope) / room if room > 0 else 0
        height = (1 - share) * bottom(self.x[end]) + share * top(self.x[end])
        return Line(self.x[end], height, slope)


def fewest_links(
    x: Numbers,
    lower: Numbers,
    upper: Numbers,
    at_most: int | None = None,
    sharpen: Callable[[Failure], Window | None] | None = None,
) -> Polyline | None:
    """Find a polyline with the fewest links through all gates; None if that are over `at_most`.

    There are at least 2 gates, x increases strictly and lower ≤ upper at every gate.
    """
    search = _Search(x, lower, upper)
    windows: list[Window] = []
    i = 1
    while i < search.size:
        side = search.failing(i)
        if side is None:
            search.grow(i)
            i += 1
            continue
        if at_most is not None and len(windows) + 1 >= at_most:
            return None
        window = sharpen(search.failure(side, i)) if sharpen else None
        windows.append(window or search.at_the_gate(side, i))
        search.cross(side, windows[-1])
        i = windows[-1].following
    lines = (*(window.line for window in windows), search.last_line())
    return Polyline(lines, tuple(windows))


def vertices(polyline: Polyline, start: Number, end: Number) -> tuple[list[Number], list[Number]]:
    """Return the points where the polyline starts, bends and ends."""
    lines = polyline.lines
    at, heights = [start], [lines[0](start)]
    for line, following, window in zip(lines, lines[1:], polyline.windows, strict=False):
        left, right = window.right.x, window.exit.x
        # The lines change order between the contact and the exit: no cancellation here.
        before = abs(line(left) - following(left))
        after = abs(following(right) - line(right))
        share = before / (before + after) if before + after > 0 else 1
        bend = left + (right - left) * share
        if bend > at[-1]:
            at.append(bend)
            heights.append(line(bend))
    if end > at[-1]:
        at.append(end)
        heights.append(lines[-1](end))
    return at, heights
