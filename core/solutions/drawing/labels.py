"""Where the weights stand on the edges: each where it is farthest from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, degrees

import numpy as np
from jaxtyping import Float64

from core.arrays import Array

Point = tuple[float, float]
Segment = tuple[Point, Point]
Size = tuple[float, float]

LINE = 14.0
"""The height of a line of text."""
FREE = 9.0
"""Beyond this many pixels from the middle of a line of text an edge does not touch it."""
_SHARES = np.linspace(0.1, 0.9, 41)
_AIR = 2.0
"""Pixels at each side of a label that its text leaves empty."""
_ENOUGH = 22.0
"""Beyond this many pixels from the next label nothing is gained by more."""
_ROUNDS = 4
"""Rounds in which every label is moved to its best place among the others."""


@dataclass(frozen=True)
class Label:
    """The text on an edge: its centre, its slope in degrees (clockwise), and its size."""

    x: float
    y: float
    angle: float
    width: float
    height: float

    @property
    def points(self) -> Float64[Array, "points 2"]:
        """Points along the middle of each line of the text."""
        turn = np.radians(self.angle)
        along = np.array([np.cos(turn), np.sin(turn)])
        across = np.array([-along[1], along[0]])
        lines = round(self.height / LINE)
        offsets = (np.arange(lines) - (lines - 1) / 2) * LINE
        shifts = np.array([-0.5, -0.25, 0.0, 0.25, 0.5]) * self.width
        grid = offsets[:, None, None] * across + shifts[None, :, None] * along
        return np.array([self.x, self.y]) + grid.reshape(-1, 2)


@lru_cache(maxsize=64)
def place_labels(segments: tuple[Segment, ...], sizes: tuple[Size, ...]) -> tuple[Label, ...]:
    """One label on each segment; `sizes` are (width, height).

    A sheet and its key have the same edges, which are placed once.
    """
    ends = np.array(segments)
    centres = ends[:, 0, None] + _SHARES[:, None] * (ends[:, 1] - ends[:, 0])[:, None]
    labels = [_label(*one) for one in zip(segments, sizes, strict=True)]
    points = [centre[:, None] + label.points for centre, label in zip(centres, labels, strict=True)]
    solitude = [_from_lines(points[number], ends, number) for number in range(len(segments))]
    chosen: dict[int, int] = {}
    for _ in range(_ROUNDS):
        before = dict(chosen)
        for number in range(len(segments)):
            others = [points[one][share] for one, share in chosen.items() if one != number]
            gap = _between(points[number], others)
            # Less than a line of text between two labels is worse than anything else.
            freedom = solitude[number] + 4.0 * gap + 60.0 * np.minimum(gap, LINE)
            chosen[number] = int(freedom.argmax())
        if chosen == before:
            break
    places = (centres[number, share] for number, share in sorted(chosen.items()))
    return tuple(
        Label(float(x), float(y), label.angle, label.width, label.height)
        for (x, y), label in zip(places, labels, strict=True)
    )


def are_legible(labels: Sequence[Label], segments: Sequence[Segment]) -> bool:
    """Whether no text lies on the edge of another label, or on another text."""
    ends = np.array(segments)
    places = np.array([(label.x, label.y) for label in labels])
    turns = np.radians([label.angle for label in labels])
    room = np.array([(label.width, label.height) for label in labels]) / 2 - _AIR
    if (_covered(places, turns, room, ends) & ~np.eye(len(labels), dtype=bool)).any():
        return False
    points = [label.points for label in labels]
    return all(
        _least_length(points[own][None], np.concatenate(points[own + 1 :])) > FREE
        for own in range(len(labels) - 1)
    )


def _covered(
    places: Float64[Array, "labels 2"],
    turns: Float64[Array, "labels"],
    room: Float64[Array, "labels 2"],
    segments: Float64[Array, "segments ends 2"],
) -> Array:
    """Which segment meets the rectangle of which text: Liang and Barsky's clipping (1984)."""
    cosine, sine = np.cos(turns), np.sin(turns)
    axes = np.array([[cosine, -sine], [sine, cosine]]).transpose(2, 0, 1)
    seen = (segments - places[:, None, None]) @ axes[:, None]
    start, along = seen[:, :, 0], seen[:, :, 1] - seen[:, :, 0]
    along = np.where(along == 0.0, 1e-9, along)
    sides = np.sort([(-room[:, None] - start) / along, (room[:, None] - start) / along], axis=0)
    enters, leaves = sides[0].max(axis=-1), sides[1].min(axis=-1)
    return np.asarray(np.fmax(enters, 0.0) < np.fmin(leaves, 1.0))


def _label(segment: Segment, size: Size) -> Label:
    """A label at the beginning of a segment."""
    (x0, y0), (x1, y1) = segment
    return Label(0.0, 0.0, degrees(atan2(y1 - y0, x1 - x0)), *size)


def _between(
    points: Float64[Array, "shares points 2"], others: Sequence[Array]
) -> Float64[Array, "shares"]:
    """How far each candidate is from the labels that have a place, as far as that counts."""
    if not others:
        return np.full(len(points), _ENOUGH)
    return np.minimum(_least_length(points, np.concatenate(others)), _ENOUGH)


def _least_length(
    points: Float64[Array, "shares points 2"], others: Float64[Array, "others 2"]
) -> Float64[Array, "shares"]:
    """How near each candidate is to the nearest of some points."""
    x = points[..., 0, None] - others[:, 0]
    y = points[..., 1, None] - others[:, 1]
    # The root of the least square: np.hypot of all took a fifth of the time of a class set.
    return np.asarray(np.sqrt((x * x + y * y).min(axis=(1, 2))))


def _from_lines(
    points: Float64[Array, "shares points 2"],
    segments: Float64[Array, "segments ends 2"],
    own: int,
) -> Float64[Array, "shares"]:
    """How free each candidate is of the other edges, and of the ends of its own."""
    edges = segments[np.arange(len(segments)) != own]
    from_ends = np.minimum(_least_length(points, segments[own]), _ENOUGH)
    if not len(edges):
        return np.asarray(0.5 * from_ends)
    start, along = edges[:, 0], edges[:, 1] - edges[:, 0]
    x = points[..., 0, None] - start[:, 0]
    y = points[..., 1, None] - start[:, 1]
    share = (x * along[:, 0] + y * along[:, 1]) / (along**2).sum(axis=-1)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    x -= share * along[:, 0]
    y -= share * along[:, 1]
    gaps = np.sqrt((x * x + y * y).min(axis=(1, 2)))
    from_edges = np.minimum(gaps, LINE)
    # Half a line from every other edge: then the label covers none.
    free = np.minimum(from_edges, FREE)
    return np.asarray(6.0 * from_edges + 60.0 * free + 0.5 * from_ends)
