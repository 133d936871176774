"""Where the weights stand on the edges: greedily, each where it is farthest from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, dist, hypot, radians, sin

Point = tuple[float, float]
Segment = tuple[Point, Point]

LINE = 14.0
"""The height of a line of text."""
_POSITIONS = tuple(0.14 + 0.03 * step for step in range(25))
_ENOUGH = 22.0
"""Beyond this many pixels from the next label nothing is gained by more."""


@dataclass(frozen=True)
class Label:
    """The text on an edge: its centre, its slope in degrees (clockwise), and its size."""

    x: float
    y: float
    angle: float
    width: float
    height: float

    @property
    def points(self) -> list[Point]:
        """Points along the middle of each line of the text."""
        across, along = radians(self.angle + 90.0), radians(self.angle)
        lines = range(round(self.height / LINE))
        offsets = [(line - (len(lines) - 1) / 2) * LINE for line in lines]
        return [
            (
                self.x + t * self.width * cos(along) + offset * cos(across),
                self.y + t * self.width * sin(along) + offset * sin(across),
            )
            for offset in offsets
            for t in (-0.5, -0.25, 0.0, 0.25, 0.5)
        ]


def place_labels(segments: Sequence[Segment], sizes: Sequence[tuple[float, float]]) -> list[Label]:
    """One label on each segment; `sizes` are (width, height)."""
    placed: list[Label] = []
    for number, (segment, size) in enumerate(zip(segments, sizes, strict=True)):
        others = [*segments[:number], *segments[number + 1 :]]
        placed.append(
            max(
                (_label(segment, size, share) for share in _POSITIONS),
                key=lambda label: _freedom(label, segment, placed, others),
            )
        )
    return placed


def _label(segment: Segment, size: tuple[float, float], share: float) -> Label:
    (x0, y0), (x1, y1) = segment
    return Label(
        x=x0 + share * (x1 - x0),
        y=y0 + share * (y1 - y0),
        angle=degrees(atan2(y1 - y0, x1 - x0)),
        width=size[0],
        height=size[1],
    )


def _freedom(
    label: Label, own: Segment, placed: Sequence[Label], others: Sequence[Segment]
) -> float:
    """Distance from other labels first, from other edges second, from the ends of its own third."""
    points = label.points
    from_labels = min(
        (dist(p, q) for other in placed for p in points for q in other.points), default=_ENOUGH
    )
    from_edges = min((_distance(p, edge) for edge in others for p in points), default=_ENOUGH)
    from_ends = min(dist(p, end) for end in own for p in points)
    return (
        4.0 * min(from_labels, _ENOUGH)
        + 6.0 * min(from_edges, LINE)
        + 0.5 * min(from_ends, _ENOUGH)
    )


def _distance(point: Point, segment: Segment) -> float:
    (x0, y0), (x1, y1) = segment
    length = hypot(x1 - x0, y1 - y0)
    along = ((point[0] - x0) * (x1 - x0) + (point[1] - y0) * (y1 - y0)) / length**2
    share = min(max(along, 0.0), 1.0)
    return dist(point, (x0 + share * (x1 - x0), y0 + share * (y1 - y0)))
