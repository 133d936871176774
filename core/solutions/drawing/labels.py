"""Where the weights stand on the edges: each where it is farthest from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees

import numpy as np
from jaxtyping import Float64

from core.arrays import Array

Point = tuple[float, float]
Segment = tuple[Point, Point]

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
        shifts = np.linspace(-0.5, 0.5, 5) * self.width
        grid = offsets[:, None, None] * across + shifts[None, :, None] * along
        return np.array([self.x, self.y]) + grid.reshape(-1, 2)


def place_labels(segments: Sequence[Segment], sizes: Sequence[tuple[float, float]]) -> list[Label]:
    """One label on each segment; `sizes` are (width, height)."""
    candidates = [
        [_label(segment, size, share) for share in _SHARES]
        for segment, size in zip(segments, sizes, strict=True)
    ]
    points = [_points_of(choice) for choice in candidates]
    solitude = [_from_lines(points[number], segments, number) for number in range(len(segments))]
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
    return [choice[chosen[number]] for number, choice in enumerate(candidates)]


def are_legible(labels: Sequence[Label], segments: Sequence[Segment]) -> bool:
    """Whether no text lies on the edge of another label, or on another text."""
    ends = np.array(segments)
    if any(_covers(label, np.delete(ends, own, axis=0)) for own, label in enumerate(labels)):
        return False
    points = [label.points for label in labels]
    return all(
        _least_length(points[own][None, :, None] - np.concatenate(points[own + 1 :])) > FREE
        for own in range(len(labels) - 1)
    )


def _covers(label: Label, segments: Float64[Array, "segments ends 2"]) -> bool:
    """Whether a segment meets the rectangle of a text: Liang and Barsky's clipping (1984)."""
    turn = np.radians(label.angle)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    start, end = np.moveaxis((segments - (label.x, label.y)) @ axes, 1, 0)
    room = np.array([label.width, label.height]) / 2 - _AIR
    along = end - start
    along = np.where(along == 0.0, 1e-9, along)
    sides = np.sort([(-room - start) / along, (room - start) / along], axis=0)
    enters, leaves = sides[0].max(axis=1), sides[1].min(axis=1)
    return bool((np.fmax(enters, 0.0) < np.fmin(leaves, 1.0)).any())


def _points_of(choice: Sequence[Label]) -> Float64[Array, "shares points 2"]:
    """The points of labels that differ in their centres alone."""
    centres = np.array([(label.x, label.y) for label in choice])
    return centres[:, None, :] + (choice[0].points - centres[0])


def _label(segment: Segment, size: tuple[float, float], share: float) -> Label:
    (x0, y0), (x1, y1) = segment
    return Label(
        x=x0 + share * (x1 - x0),
        y=y0 + share * (y1 - y0),
        angle=degrees(atan2(y1 - y0, x1 - x0)),
        width=size[0],
        height=size[1],
    )


def _between(
    points: Float64[Array, "shares points 2"], others: Sequence[Array]
) -> Float64[Array, "shares"]:
    """How far each candidate is from the labels that have a place, as far as that counts."""
    if not others:
        return np.full(len(points), _ENOUGH)
    gaps = points[:, :, None, :] - np.concatenate(others)
    return np.minimum(_least_length(gaps), _ENOUGH)


def _least_length(
    gaps: Float64[Array, "shares points others 2"],
) -> Float64[Array, "shares"]:
    """The length of the shortest vector of each candidate."""
    x, y = gaps[..., 0], gaps[..., 1]
    # The root of the least square: np.hypot of all took a fifth of the time of a class set.
    return np.asarray(np.sqrt((x * x + y * y).min(axis=(1, 2))))


def _from_lines(
    points: Float64[Array, "shares points 2"], segments: Sequence[Segment], own: int
) -> Float64[Array, "shares"]:
    """How free each candidate is of the other edges, and of the ends of its own."""
    edges = np.array([one for number, one in enumerate(segments) if number != own])
    ends = points[:, :, None, :] - np.array(segments[own])
    from_ends = np.minimum(_least_length(ends), _ENOUGH)
    if not len(edges):
        return np.asarray(0.5 * from_ends)
    start, along = edges[:, 0], edges[:, 1] - edges[:, 0]
    relative = points[:, :, None, :] - start
    share = np.clip((relative * along).sum(axis=-1) / (along**2).sum(axis=-1), 0.0, 1.0)
    gaps = relative - share[..., None] * along
    from_edges = np.minimum(_least_length(gaps), LINE)
    # Half a line from every other edge: then the label covers none.
    free = np.minimum(from_edges, FREE)
    return np.asarray(6.0 * from_edges + 60.0 * free + 0.5 * from_ends)
