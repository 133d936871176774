"""Where everything of a drawn network stands, in pixels, y downwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import hypot

import numpy as np

from core.solutions.drawing.diagram import DrawnLayer, Edge, Figure, Unit
from core.solutions.drawing.labels import LINE, Label, Point, Segment, are_legible, place_labels

DIGIT = 7.0
"""The width of a digit in the drawing's type."""
UNIT_HEIGHT = 32.0
ROW, ROW_WITH_GRADIENTS = 92.0, 116.0
MARGIN = 10.0
ROOM = 1.3
"""The lines of text between two units, per unit of the smaller layer."""
WIDENING = 1.25
_WIDER = np.arange(1.0, 2.125, 0.125)
"""Columns are moved apart by these shares of their distance until every label has a free place."""
LEGEND = 24.0
"""Height of the line that names the colours."""
CAPTION = 34.0
"""Height of the line of symbols above the columns."""


@dataclass(frozen=True)
class Box:
    """A unit or an input: a capsule around its centre."""

    x: float
    y: float
    width: float
    unit: Unit | None
    """None for an input."""
    text: str = ""


@dataclass(frozen=True)
class Line:
    """An edge with its label, which interrupts it."""

    start: Point
    end: Point
    edge: Edge
    label: Label

    def moved(self, right: float) -> "Line":
        """The same farther to the right."""
        (x0, y0), (x1, y1) = self.start, self.end
        label = replace(self.label, x=self.label.x + right)
        return Line((x0 + right, y0), (x1 + right, y1), self.edge, label)

    @property
    def strokes(self) -> tuple[Segment, Segment]:
        """The edge before its label and after it."""
        length = hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])
        half = (self.label.width / 2 + 2.0) / length
        along = (self.end[0] - self.start[0]) * half, (self.end[1] - self.start[1]) * half
        before = self.label.x - along[0], self.label.y - along[1]
        after = self.label.x + along[0], self.label.y + along[1]
        return (self.start, before), (after, self.end)


@dataclass(frozen=True)
class Note:
    """A text centred at a point."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Layout:
    """All of a figure, ready to be drawn."""

    width: float
    height: float
    columns: tuple[tuple[Box, ...], ...]
    lines: tuple[Line, ...]
    activations: tuple[str, ...]
    targets: tuple[Note, ...]
    """What stands to the right of the outputs: y of each, and E below."""
    legend: Note | None


@lru_cache(maxsize=16)
def layout(figure: Figure) -> Layout:
    """Columns from left to right, each centred; labels where they disturb one another least.

    SVG and TikZ of one figure share it: placing the labels took 70 % of the time of a sheet.
    """
    rows = max(len(figure.inputs), *(len(layer.units) for layer in figure.layers))
    row = _row(figure)
    middle = CAPTION + rows * row / 2
    columns: list[tuple[Box, ...]] = []
    left = MARGIN
    lines: list[Line] = []
    for layer in (None, *figure.layers):
        width = _input_width(figure) if layer is None else _unit_width(layer)
        column = tuple(_column(figure, layer, left + width / 2, middle, width, row))
        if layer is not None:
            gap, drawn = _lines(layer, columns[-1], column)
            column = tuple(replace(box, x=box.x + gap) for box in column)
            left += gap
            lines += drawn
        columns.append(column)
        left += width
    height = CAPTION + rows * row
    targets = _targets(figure, columns[-1], left)
    width = left + (2 * (targets[0].x - left) if targets else 0.0) + MARGIN
    legend = None
    if figure.legend:
        width = max(width, DIGIT * len(figure.legend) + 2 * MARGIN)
        legend = Note(width / 2, height + LEGEND / 2, figure.legend)
    return Layout(
        width=width,
        height=height + (LEGEND if legend else 0.0),
        columns=tuple(columns),
        lines=tuple(lines),
        activations=tuple(layer.activation for layer in figure.layers),
        targets=targets,
        legend=legend,
    )


def _targets(figure: Figure, outputs: tuple[Box, ...], left: float) -> tuple[Note, ...]:
    """y beside each output, E one line below the last."""
    texts = [f"y = {target}" for target in figure.targets]
    loss = [] if figure.loss is None else [f"E = {figure.loss}"]
    if not texts:
        return ()
    x = left + (DIGIT * max(map(len, [*texts, *loss])) + 20.0) / 2
    notes = [Note(x, box.y, text) for box, text in zip(outputs, texts, strict=True)]
    return (*notes, *(Note(x, outputs[-1].y + 2 * LINE, text) for text in loss))


def _row(figure: Figure) -> float:
    """The distance of two units: between the edges that cross there is room for a label."""
    crowd, height = 1, LINE
    before = len(figure.inputs)
    for layer in figure.layers:
        crowd = max(crowd, min(before, len(layer.units)))
        height = max(height, *(size[1] for size in map(_label_size, layer.edges)))
        before = len(layer.units)
    least = ROW if figure.layers[0].units[0].gradient is None else ROW_WITH_GRADIENTS
    return max(least, ROOM * (crowd + 1) * height)


def _gap(layer: DrawnLayer) -> float:
    """Room for the labels of as many edges side by side as a layer has crowding."""
    crowd = len(layer.edges) ** 0.5
    longest, height = (max(sizes) for sizes in zip(*map(_label_size, layer.edges), strict=True))
    return max(120.0, WIDENING * crowd * (longest + height))


def _label_size(edge: Edge) -> tuple[float, float]:
    texts = [edge.weight] if edge.gradient is None else [edge.weight, edge.gradient]
    return DIGIT * max(map(len, texts)) + 4.0, LINE * len(texts)


def _input_width(figure: Figure) -> float:
    return max(UNIT_HEIGHT, DIGIT * max(map(len, figure.inputs)) + 18.0)


def _unit_width(layer: DrawnLayer) -> float:
    longest = max(max(len(unit.s), len(unit.x), 4) for unit in layer.units)
    below = max(len(unit.gradient or "") for unit in layer.units)
    return max(2.0 * (DIGIT * longest + 18.0), DIGIT * below + 12.0)


def _column(
    figure: Figure, layer: DrawnLayer | None, x: float, middle: float, width: float, row: float
) -> Iterator[Box]:
    units = [None] * len(figure.inputs) if layer is None else layer.units
    texts = figure.inputs if layer is None else ("",) * len(layer.units)
    for number, (unit, text) in enumerate(zip(units, texts, strict=True)):
        yield Box(x, middle + (number - (len(texts) - 1) / 2) * row, width, unit, text)


def _lines(
    layer: DrawnLayer, sources: tuple[Box, ...], targets: tuple[Box, ...]
) -> tuple[float, list[Line]]:
    """The edges to `targets` that stand beside `sources`, and how far they have to be moved."""
    sizes = tuple(map(_label_size, layer.edges))
    # From 0, so that labels are placed once for columns of different widths.
    left = sources[0].x + sources[0].width / 2
    for gap in _gap(layer) * _WIDER:
        segments = tuple(
            ((0.0, sources[edge.source].y), (float(gap), targets[edge.target].y))
            for edge in layer.edges
        )
        labels = place_labels(segments, sizes)
        if are_legible(labels, segments):
            break
    lines = zip(segments, layer.edges, labels, strict=True)
    return float(gap), [Line(*segment, edge, label).moved(left) for segment, edge, label in lines]
