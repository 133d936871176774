"""Formulas in MathML Core (W3C), which browsers draw without any script."""

from collections.abc import Sequence
from functools import singledispatch
from xml.sax.saxutils import escape

from core.solutions.notation import tree
from core.solutions.notation.glyphs import Glyph


def mathml(math: tree.Math, display: bool = False) -> str:
    """A whole `math` element; `display` for a line of its own."""
    block = ' display="block"' if display else ""
    return f"<math{block}>{element(math)}</math>"


@singledispatch
def element(math: tree.Math) -> str:
    """The element of one node."""
    raise TypeError(math)


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


def _glyph(glyph: Glyph) -> str:
    text = escape(glyph.character)
    if glyph.kind == "letter":
        return f"<mi>{text}</mi>"
    if glyph.kind == "hat":
        return f'<mover accent="true"><mi>{text}</mi><mo stretchy="false">^</mo></mover>'
    if glyph.kind == "word":
        return f'<mi mathvariant="normal">{text}</mi>'
    if glyph.kind == "mark":
        return f"<mtext>{text}</mtext>"
    if glyph.kind == "bracket":
        return f'<mo stretchy="false">{text}</mo>'
    if glyph.kind == "large":
        return f'<mo largeop="true" movablelimits="false">{text}</mo>'
    return f"<mo>{text}</mo>"


@element.register
def _(math: tree.Row) -> str:
    return f"<mrow>{''.join(map(element, math.items))}</mrow>"


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
