"""A drawn network as SVG: text is text, nothing is loaded, colours follow the page."""

from xml.sax.saxutils import escape

from core.solutions.drawing.diagram import Figure
from core.solutions.drawing.layout import UNIT_HEIGHT, Box, Layout, Line, Note, layout

STYLE = """
.nn-figure text { font: 13px "DejaVu Sans", Verdana, sans-serif; text-anchor: middle;
  fill: #1a1a1a }
.nn-figure .nn-symbol { font: italic 15px "DejaVu Serif", Georgia, serif }
.nn-figure .nn-small { font-size: 10px; font-style: normal }
.nn-figure .nn-edge { stroke: #9aa5b1; stroke-width: 1.2 }
.nn-figure .nn-unit { fill: #f4f7fb; stroke: #33526e; stroke-width: 1.4 }
.nn-figure .nn-input { fill: #fff; stroke: #33526e; stroke-width: 1.4 }
.nn-figure .nn-bar { stroke: #33526e; stroke-width: 1 }
.nn-figure .nn-paper { fill: #fff }
.nn-figure .nn-bias { fill: #33526e }
.nn-figure .nn-legend { font-size: 12px; fill: #55606c }
.nn-figure .nn-gradient { fill: #b3261e; font-size: 12px }
"""
"""The style of a drawing; its class names begin with nn-, so that a page may adopt it."""


def svg(figure: Figure, title: str, styled: bool = True) -> str:
    """A whole `svg` element; `title` is for screen readers.

    Not `styled`, the page around it has `STYLE`.
    """
    plan = layout(figure)
    size = f'viewBox="0 0 {plan.width:z.0f} {plan.height:z.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nn-figure" role="img" {size} '
        f'width="{plan.width:z.0f}" height="{plan.height:z.0f}">',
        f"<title>{escape(title)}</title>",
        *((f"<style>{STYLE}</style>",) if styled else ()),
        '<rect class="nn-paper" width="100%" height="100%"/>',
        *_captions(plan),
        *map(_edge, plan.lines),
        *map(_label, plan.lines),
        *(_box(box) for boxes in plan.columns for box in boxes),
        *(_note(note, "nn-target") for note in plan.targets),
        *([] if plan.legend is None else [_note(plan.legend, "nn-legend")]),
        "</svg>",
    ]
    return "\n".join(parts)


def _captions(plan: Layout) -> list[str]:
    """x^(0) above the inputs, s^(l) | x^(l) above the units."""
    captions = []
    for number, boxes in enumerate(plan.columns):
        y = boxes[0].y - UNIT_HEIGHT / 2 - 16
        symbols = [("x", boxes[0].x)]
        if number:
            quarter = boxes[0].width / 4
            symbols = [("s", boxes[0].x - quarter), ("x", boxes[0].x + quarter)]
        captions += [
            f'<text class="nn-symbol" x="{x:z.1f}" y="{y:z.1f}">{letter}'
            f'<tspan class="nn-small" dy="-5">({number})</tspan></text>'
            for letter, x in symbols
        ]
    return captions


def _note(note: Note, kind: str) -> str:
    return f'<text class="{kind}" x="{note.x:z.1f}" y="{note.y + 4.5:z.1f}">{note.text}</text>'


def _edge(line: Line) -> str:
    return "".join(
        f'<line class="nn-edge" x1="{x1:z.1f}" y1="{y1:z.1f}" x2="{x2:z.1f}" y2="{y2:z.1f}"/>'
        for (x1, y1), (x2, y2) in line.strokes
    )


def _label(line: Line) -> str:
    label = line.label
    place = f'transform="translate({label.x:z.1f} {label.y:z.1f}) rotate({label.angle:z.1f})"'
    lines = f'<text y="4.5">{line.edge.weight}</text>'
    if line.edge.gradient is not None:
        lines = (
            f'<text y="-2.5">{line.edge.weight}</text>'
            f'<text class="nn-gradient" y="11">{line.edge.gradient}</text>'
        )
    return f"<g {place}>{lines}</g>"


def _box(box: Box) -> str:
    kind = "nn-input" if box.unit is None else "nn-unit"
    parts = [
        f'<rect class="{kind}" x="{box.x - box.width / 2:z.1f}" y="{box.y - UNIT_HEIGHT / 2:z.1f}" '
        f'width="{box.width:z.1f}" height="{UNIT_HEIGHT:z.0f}" rx="{UNIT_HEIGHT / 2:z.0f}"/>'
    ]
    if box.unit is None:
        parts.append(f'<text x="{box.x:z.1f}" y="{box.y + 4.5:z.1f}">{box.text}</text>')
        return "".join(parts)
    top, bottom = box.y - UNIT_HEIGHT / 2, box.y + UNIT_HEIGHT / 2
    parts.append(
        f'<line class="nn-bar" x1="{box.x:z.1f}" y1="{top:z.1f}" '
        f'x2="{box.x:z.1f}" y2="{bottom:z.1f}"/>'
    )
    for text, side in ((box.unit.s, -1), (box.unit.x, 1)):
        x = box.x + side * box.width / 4
        parts.append(f'<text x="{x:z.1f}" y="{box.y + 4.5:z.1f}">{text}</text>')
    parts.append(
        f'<text class="nn-bias" x="{box.x:z.1f}" y="{bottom + 15:z.1f}">b = {box.unit.bias}</text>'
    )
    if box.unit.gradient is not None:
        parts.append(
            f'<text class="nn-gradient" x="{box.x:z.1f}" y="{bottom + 29:z.1f}">'
            f"{box.unit.gradient}</text>"
        )
    return "".join(parts)
