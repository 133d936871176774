"""Where everything of a drawn network stands, in pixels, y downwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.solutions.drawing.diagram import DrawnLayer, Edge, Figure, Unit
from core.solutions.drawing.labels import LINE, Label, Segment, place_labels

DIGIT = 7.0
"""The width of a digit in the drawing's type."""
UNIT_HEIGHT = 32.0
ROW, ROW_WITH_GRADIENTS = 92.0, 116.0
MARGIN = 10.0
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
    """An edge with its label."""

    start: tuple[float, float]
    end: tuple[float, float]
    edge: Edge
    label: Label


@dataclass(frozen=True)
class Layout:
    """All of a figure, ready to be drawn."""

    width: float
    height: float
    columns: tuple[tuple[Box, ...], ...]
    lines: tuple[Line, ...]
    activations: tuple[str, ...]


@lru_cache(maxsize=16)
def layout(figure: Figure) -> Layout:
    """Columns from left to right, each centred; labels where they disturb one another least.

    SVG and TikZ of one figure share it: placing the labels took 70 % of the time of a sheet.
    """
    rows = max(len(figure.inputs), *(len(layer.units) for layer in figure.layers))
    row = ROW if figure.layers[0].units[0].gradient is None else ROW_WITH_GRADIENTS
    middle = CAPTION + rows * row / 2
    columns: list[tuple[Box, ...]] = []
    left = MARGIN
    for layer, gap in zip((None, *figure.layers), (0.0, *map(_gap, figure.layers)), strict=True):
        width = _input_width(figure) if layer is None else _unit_width(layer)
        left += gap
        columns.append(tuple(_column(figure, layer, left + width / 2, middle, width, row)))
        left += width
    return Layout(
        width=left + MARGIN,
        height=CAPTION + rows * row,
        columns=tuple(columns),
        lines=tuple(
            line
            for number, layer in enumerate(figure.layers)
            for line in _lines(layer, columns[number], columns[number + 1])
        ),
        activations=tuple(layer.activation for layer in figure.layers),
    )


def _gap(layer: DrawnLayer) -> float:
    """Room for the labels of as many edges side by side as a layer has crowding."""
    crowd = len(layer.edges) ** 0.5
    longest, height = (max(sizes) for sizes in zip(*map(_label_size, layer.edges), strict=True))
    return max(120.0, min(crowd, 5.0) * (longest + height))


def _label_size(edge: Edge) -> tuple[float, float]:
    texts = [edge.weight] if edge.gradient is None else [edge.weight, edge.gradient]
    return DIGIT * max(map(len, texts)) + 4.0, LINE * len(texts)


def _input_width(figure: Figure) -> float:
    return max(UNIT_HEIGHT, DIGIT * max(map(len, figure.inputs)) + 18.0)


def _unit_width(layer: DrawnLayer) -> float:
    longest = max(max(len(unit.s), len(unit.x), 4) for unit in layer.units)
    return 2.0 * (DIGIT * longest + 18.0)


def _column(
    figure: Figure, layer: DrawnLayer | None, x: float, middle: float, width: float, row: float
) -> Iterator[Box]:
    units = [None] * len(figure.inputs) if layer is None else layer.units
    texts = figure.inputs if layer is None else ("",) * len(layer.units)
    for number, (unit, text) in enumerate(zip(units, texts, strict=True)):
        yield Box(x, middle + (number - (len(texts) - 1) / 2) * row, width, unit, text)


def _lines(layer: DrawnLayer, sources: tuple[Box, ...], targets: tuple[Box, ...]) -> list[Line]:
    segments = [_segment(sources[edge.source], targets[edge.target]) for edge in layer.edges]
    labels = place_labels(segments, list(map(_label_size, layer.edges)))
    return [
        Line(*segment, edge, label)
        for segment, edge, label in zip(segments, layer.edges, labels, strict=True)
    ]


def _segment(source: Box, target: Box) -> Segment:
    return (source.x + source.width / 2, source.y), (target.x - target.width / 2, target.y)
