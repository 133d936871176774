"""How wide a formula will be, in digits: enough to decide where a line ends."""

from core.solutions.notation import tree
from core.solutions.notation.by_node import ByNode

_WIDTHS = {"relation": 2.7, "operator": 2.4, "large": 2.9, "punctuation": 0.8}


width = ByNode[float]()
"""About the width of a formula, where a digit is 1 wide."""


@width.register
def _(math: tree.Number) -> float:
    return float(len(math.text))


@width.register
def _(math: tree.Mark) -> float:
    glyph = math.glyph
    if glyph.kind == "word":
        return float(len(glyph.character))
    return _WIDTHS.get(glyph.kind, 1.2)


@width.register
def _(math: tree.Row) -> float:
    return sum(map(width, math.items))


@width.register
def _(math: tree.Scripts) -> float:
    scripts = [width(script) for script in (math.below, math.above) if script]
    return width(math.base) + 0.75 * max(scripts, default=0.0)


@width.register
def _(math: tree.Limits) -> float:
    return max(width(math.base), 0.75 * width(math.under))


@width.register
def _(math: tree.Fraction) -> float:
    return max(width(math.top), width(math.bottom)) + 0.5


@width.register
def _(math: tree.Fenced) -> float:
    return width(math.inside) + 1.6


@width.register
def _(math: tree.Root) -> float:
    return width(math.inside) + 1.4


@width.register
def _(math: tree.Matrix) -> float:
    columns = zip(*math.rows, strict=True)
    return sum(max(map(width, column)) + 1.5 for column in columns) + 0.5
