"""Formulas in LaTeX, as amsmath and KaTeX both understand them."""

from core.solutions.notation import tree
from core.solutions.notation.by_node import ByNode

tex = ByNode[str]()
"""The source of a formula, without dollar signs."""


@tex.register
def _(math: tree.Number) -> str:
    mantissa, _, exponent = math.text.partition("e")
    return rf"{mantissa} \cdot 10^{{{exponent}}}" if exponent else mantissa


@tex.register
def _(math: tree.Mark) -> str:
    return math.glyph.latex


@tex.register
def _(math: tree.Row) -> str:
    return " ".join(map(tex, math.items))


@tex.register
def _(math: tree.Scripts) -> str:
    below = f"_{{{tex(math.below)}}}" if math.below else ""
    above = f"^{{{tex(math.above)}}}" if math.above else ""
    base = tex(math.base)
    grouped = f"{{{base}}}" if isinstance(math.base, tree.Row | tree.Scripts) else base
    return f"{grouped}{below}{above}"


@tex.register
def _(math: tree.Limits) -> str:
    over = f"^{{{tex(math.over)}}}" if math.over else ""
    return rf"{tex(math.base)}_{{{tex(math.under)}}}{over}"


@tex.register
def _(math: tree.Fraction) -> str:
    return rf"\frac{{{tex(math.top)}}}{{{tex(math.bottom)}}}"


@tex.register
def _(math: tree.Fenced) -> str:
    return rf"\left( {tex(math.inside)} \right)"


@tex.register
def _(math: tree.Root) -> str:
    return rf"\sqrt{{{tex(math.inside)}}}"


@tex.register
def _(math: tree.Matrix) -> str:
    # array, since pmatrix has at most ten columns; r keeps the digits of a column in line.
    entries = tree.entries(math)
    column = "r" if all(isinstance(entry, tree.Number) for entry in entries) else "c"
    # The gap counts from the depth of a line of text, which a fraction exceeds.
    tall = any(map(tree.is_tall, entries))
    style, gap = (r"\displaystyle ", r" \\[14pt] ") if tall else ("", r" \\ ")
    rows = gap.join(" & ".join(style + tex(entry) for entry in line) for line in math.rows)
    columns = column * len(math.rows[0])
    return rf"\left(\begin{{array}}{{{columns}}} {rows} \end{{array}}\right)"
