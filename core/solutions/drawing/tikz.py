"""A drawn network as a TikZ picture; needs no TikZ library."""

from core.solutions.drawing.diagram import Figure
from core.solutions.drawing.layout import UNIT_HEIGHT, Box, Layout, Line, Note, layout

_COLOURS = r"""\definecolor{unit}{HTML}{33526E}\definecolor{face}{HTML}{F4F7FB}
\definecolor{edge}{HTML}{9AA5B1}\definecolor{slope}{HTML}{B3261E}"""
_POINTS_PER_PIXEL = 0.68
_COMMANDS = {
    "−": "-",
    "✓": r"\checkmark",
    "✗": r"\boldsymbol{\times}",
    "↪": r"\hookrightarrow",
    "≈": r"\approx",
    "∂": r"\partial ",
    "δ": r"\delta",
}


def tikz(figure: Figure) -> str:
    """A `tikzpicture` environment, in points; the same drawing as the SVG."""
    plan = layout(figure)
    scale = f"x={_POINTS_PER_PIXEL}pt,y=-{_POINTS_PER_PIXEL}pt"
    parts = [
        _COLOURS,
        rf"\begin{{tikzpicture}}[{scale},font=\footnotesize,every node/.style={{inner sep=1pt}}]",
        *_captions(plan),
        *map(_edge, plan.lines),
        *map(_label, plan.lines),
        *(_box(box) for boxes in plan.columns for box in boxes),
        *(_note(note) for note in plan.targets),
        *([] if plan.legend is None else [_note(plan.legend)]),
        r"\end{tikzpicture}",
    ]
    return "\n".join(parts)


def _at(x: float, y: float) -> str:
    return f"({x:z.1f},{y:z.1f})"


def _math(text: str) -> str:
    for character, command in _COMMANDS.items():
        text = text.replace(character, command)
    return f"${text}$"


def _captions(plan: Layout) -> list[str]:
    captions = []
    for number, boxes in enumerate(plan.columns):
        y = boxes[0].y - UNIT_HEIGHT / 2 - 18
        symbols = [("x", boxes[0].x)]
        if number:
            quarter = boxes[0].width / 4
            symbols = [("s", boxes[0].x - quarter), ("x", boxes[0].x + quarter)]
        captions += [
            rf"\node at {_at(x, y)} {{\normalsize${letter}^{{({number})}}$}};"
            for letter, x in symbols
        ]
    return captions


def _edge(line: Line) -> str:
    strokes = (f"{_at(*start)} -- {_at(*end)}" for start, end in line.strokes)
    return rf"\draw[edge] {' '.join(strokes)};"


def _note(note: Note) -> str:
    words = note.text.split(" ")
    text = " ".join(_math(word) if _is_formula(word) else word for word in words)
    return rf"\node at {_at(note.x, note.y)} {{{text}}};"


def _is_formula(word: str) -> bool:
    """Whether a word of a note is a letter, a sign, a number or a derivative."""
    return len(word) == 1 or not word.strip(",:;").isalpha()


def _label(line: Line) -> str:
    label = line.label
    text = _math(line.edge.weight)
    if line.edge.gradient is not None:
        text = rf"\shortstack{{{text}\\[-1pt]\color{{slope}}{_math(line.edge.gradient)}}}"
    # TikZ turns counter-clockwise, the layout clockwise.
    options = f"rotate={-label.angle:z.1f}"
    return rf"\node[{options}] at {_at(label.x, label.y)} {{{text}}};"


def _box(box: Box) -> str:
    left, right = box.x - box.width / 2, box.x + box.width / 2
    top, bottom = box.y - UNIT_HEIGHT / 2, box.y + UNIT_HEIGHT / 2
    radius = _POINTS_PER_PIXEL * UNIT_HEIGHT / 2
    face = "white" if box.unit is None else "face"
    parts = [
        rf"\draw[unit,fill={face},rounded corners={radius:z.1f}pt] "
        rf"{_at(left, top)} rectangle {_at(right, bottom)};"
    ]
    if box.unit is None:
        return parts[0] + rf"\node at {_at(box.x, box.y)} {{{_math(box.text)}}};"
    parts.append(rf"\draw[unit] {_at(box.x, top)} -- {_at(box.x, bottom)};")
    for text, side in ((box.unit.s, -1), (box.unit.x, 1)):
        if text:
            x = box.x + side * box.width / 4
            parts.append(rf"\node at {_at(x, box.y)} {{{_math(text)}}};")
    bias = f"$b = {box.unit.bias.replace('−', '-')}$"
    parts.append(rf"\node[text=unit] at {_at(box.x, bottom + 11)} {{{bias}}};")
    if box.unit.gradient is not None:
        gradient = _math(box.unit.gradient)
        parts.append(rf"\node[text=slope] at {_at(box.x, bottom + 26)} {{{gradient}}};")
    return "\n".join(parts)
