"""Formulas in MathML Core (W3C), which browsers draw without any script."""

from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from core.solutions.notation import tree
from core.solutions.notation.by_node import ByNode
from core.solutions.notation.glyphs import Glyph

SPACE = '<mspace width="0.17em"/>'


def mathml(math: tree.Math, displayed: bool = False) -> str:
    """A whole `math` element; `displayed` with large fractions and sums, as in its own line."""
    style = ' displaystyle="true"' if displayed else ""
    return f"<math{style}>{element(math)}</math>"


def line_mathml(line: tree.Row) -> str:
    """A line of a broken formula: an operator at its beginning keeps the space of a sum."""
    first, *rest = line.items
    if not (isinstance(first, tree.Mark) and first.glyph.kind in ("operator", "relation")):
        return mathml(line, displayed=True)
    operator = f'<mo form="infix">{escape(first.glyph.character)}</mo>'
    others = _spaced(tree.Row(tuple(rest)))
    return f'<math displaystyle="true"><mrow>{operator}{others}</mrow></math>'


element = ByNode[str]()
"""The element of one node."""


@element.register
def _(math: tree.Number) -> str:
    mantissa, _, exponent = math.text.partition("e")
    if exponent:
        power = f"<msup><mn>10</mn>{_signed(exponent)}</msup>"
        return f"<mrow>{_signed(mantissa)}<mo>·</mo>{power}</mrow>"
    return _signed(mantissa)


def _signed(digits: str) -> str:
    if digits.startswith("-"):
        # In a row of its own the sign is a prefix, set without the space of a difference.
        return f'<mrow><mo form="prefix">−</mo><mn>{digits[1:]}</mn></mrow>'
    return f"<mn>{digits}</mn>"


@element.register
def _(math: tree.Mark) -> str:
    return _glyph(math.glyph)


@cache
def _glyph(glyph: Glyph) -> str:
    text = escape(glyph.character)
    if glyph.kind == "letter":
        return f"<mi>{text}</mi>"
    if glyph.kind == "hat":
        return f'<mover accent="true"><mi>{text}</mi><mo stretchy="false">^</mo></mover>'
    if glyph.kind == "word":
        return f'<mi mathvariant="normal">{text}</mi>'
    if glyph.kind == "mark":
        return f'<mspace width="0.2em"/><mtext>{text}</mtext>'
    if glyph.kind == "bracket":
        return f'<mo stretchy="false">{text}</mo>'
    if glyph.kind == "large bracket":
        large = f'<mo stretchy="false" style="font-size:1.8em">{text}</mo>'
        return f'<mpadded voffset="-0.25em">{large}</mpadded>'
    if glyph.kind == "large":
        return f'<mo largeop="true" movablelimits="false">{text}</mo>'
    return f"<mo>{text}</mo>"


@element.register
def _(math: tree.Row) -> str:
    return f"<mrow>{_spaced(math)}</mrow>"


def _spaced(math: tree.Row) -> str:
    """The items, with a thin space between factors and around names of functions."""
    parts: list[str] = []
    for number, item in enumerate(math.items):
        if number and _are_factors(_edge(math.items[number - 1], -1), _edge(item, 0)):
            parts.append(SPACE)
        parts.append(element(item))
    return "".join(parts)


def _edge(math: tree.Math, end: int) -> tree.Math:
    """The node at one end of a row."""
    while isinstance(math, tree.Row) and math.items:
        math = math.items[end]
    return math


def _are_factors(left: tree.Math, right: tree.Math) -> bool:
    """Whether two neighbours are a product, or a function beside an argument without brackets."""
    if _is_word(right):
        return not isinstance(left, tree.Mark) or _kind(left) in ("letter", "hat") or _closes(left)
    if _is_word(left):
        return not isinstance(right, tree.Fenced | tree.Matrix) and _kind(right) != "bracket"
    if isinstance(left, tree.Mark) and left.name == "partial":
        return False
    wide = (tree.Scripts, tree.Fraction, tree.Matrix, tree.Fenced, tree.Root)
    if isinstance(left, wide):
        return isinstance(right, (*wide, tree.Number)) or _kind(right) in ("letter", "hat")
    operand = isinstance(left, tree.Number) or _kind(left) in ("letter", "hat") or _closes(left)
    return operand and isinstance(right, (*wide, tree.Limits))


def _is_word(math: tree.Math) -> bool:
    base = math.base if isinstance(math, tree.Scripts) else math
    return _kind(base) == "word"


def _kind(math: tree.Math) -> str:
    return math.glyph.kind if isinstance(math, tree.Mark) else ""


def _closes(math: tree.Math) -> bool:
    return isinstance(math, tree.Mark) and math.name in (")", "]")


@element.register
def _(math: tree.Scripts) -> str:
    base = element(math.base)
    if math.below and math.above:
        return f"<msubsup>{base}{element(math.below)}{element(math.above)}</msubsup>"
    if math.below:
        return f"<msub>{base}{element(math.below)}</msub>"
    return f"<msup>{base}{element(math.above)}</msup>" if math.above else base


@element.register
def _(math: tree.Limits) -> str:
    base, under = element(math.base), element(math.under)
    if math.over:
        return f"<munderover>{base}{under}{element(math.over)}</munderover>"
    return f"<munder>{base}{under}</munder>"


@element.register
def _(math: tree.Fraction) -> str:
    return f"<mfrac>{element(math.top)}{element(math.bottom)}</mfrac>"


@element.register
def _(math: tree.Fenced) -> str:
    if tree.is_tall(math.inside):
        return _parenthesised([[math.inside]], "tall")
    left, right = ('<mo stretchy="false">' + sign + "</mo>" for sign in "()")
    return f"<mrow>{left}{element(math.inside)}{right}</mrow>"


@element.register
def _(math: tree.Root) -> str:
    return f"<msqrt>{element(math.inside)}</msqrt>"


@element.register
def _(math: tree.Matrix) -> str:
    entries = tree.entries(math)
    if all(isinstance(entry, tree.Number) for entry in entries):
        return _parenthesised(math.rows, "numbers")
    return _parenthesised(math.rows, "tall" if any(map(tree.is_tall, entries)) else "formulas")


def _parenthesised(rows: Sequence[Sequence[tree.Math]], kind: str) -> str:
    # The page draws the parentheses: fonts without a MATH table cannot stretch theirs.
    lines = ("".join(f"<mtd>{element(entry)}</mtd>" for entry in row) for row in rows)
    table = "".join(f"<mtr>{line}</mtr>" for line in lines)
    return f'<mtable class="matrix {kind}">{table}</mtable>'
