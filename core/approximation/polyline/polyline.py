"""Polylines as chains of lines, and the gates that force them to change from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
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
