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

from collections.abc import Callable

from core.approximation.polyline.extreme_line import ExtremeLine
from core.approximation.polyline.polyline import Failure, Gate, Line, Numbers, Polyline, Window


class _Search:
    """Both extreme lines of the link that is growing, and the gates."""

    def __init__(self, x: Numbers, lower: Numbers, upper: Numbers) -> None:
        self.x, self.lower, self.upper = list(x), list(lower), list(upper)
        self.size = len(self.x)
        # The lowest line is the highest in the mirror y -> -y, where floors and ceilings swap.
        self.under, self.over = [-y for y in upper], [-y for y in lower]
        self.highest = ExtremeLine(self.x, self.lower, self.upper)
        self.lowest = ExtremeLine(self.x, self.under, self.over)
        self.start = 0

    def failing(self, i: int) -> ExtremeLine | None:
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

    def failure(self, side: ExtremeLine, i: int) -> Failure:
        """Describe how `side` misses gate i."""
        left, begin = side.hull[side.contact], side.hull[0]
        mirrored = side is self.lowest
        return Failure(mirrored, self.x[begin], self.x[left], self.x[side.right], i)

    def at_the_gate(self, side: ExtremeLine, i: int) -> Window:
        """Return the window when there are no walls: the exit is gate i itself."""
        line = side.line.mirrored() if side is self.lowest else side.line
        left = self.x[side.hull[side.contact]]
        return Window(line, left, self._gate(side.right), self._gate(i), i + 1)

    def cross(self, side: ExtremeLine, window: Window) -> None:
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


def min_link_polyline(
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
