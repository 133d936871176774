"""A document as one HTML page: MathML, inline SVG, no script, nothing from a network."""

from collections.abc import Iterable
from html import escape

from core.solutions.document import (
    Block,
    Document,
    Equations,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from core.solutions.drawing.svg import STYLE as DRAWING_STYLE
from core.solutions.drawing.svg import svg
from core.solutions.notation.breaks import broken
from core.solutions.notation.mathml import line_mathml, mathml
from core.solutions.notation.tree import Math, Row
from core.solutions.notation.width import width
from core.solutions.renderers.page_style import STYLE
from core.solutions.step import Reference, Sentence, Step

NARROW = 38.0
"""The digits that a line holds on a screen of 360 pixels."""


def html(document: Document) -> str:
    """The whole page."""
    title = escape(document.title)
    blocks = "\n".join(_block(block, document) for block in document.blocks)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{STYLE}{DRAWING_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{blocks}
</main>
</body>
</html>
"""


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            return f"<{tag}>{escape(block.text)}</{tag}>"
        case Paragraph():
            return f"<p>{_sentence(block.sentence, document)}</p>"
        case Equations():
            formulas = "".join(f"<span>{_flow([formula])}</span>" for formula in block.formulas)
            return f'<div class="nn-given">{formulas}</div>'
        case Step():
            return _step(block, document)
        case Picture():
            caption = escape(block.caption)
            drawing = svg(block.figure, block.caption, styled=False)
            return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"
        case PageBreak():
            return '<hr class="nn-page"/>'
        case Table():
            return _table(block, document)


def _step(step: Step, document: Document) -> str:
    number = document.number(step)
    formula = f'<div class="nn-lines">{_flow([step.symbol])}<span>{_flow(step.links)}</span></div>'
    note = f"<p>{_sentence(step.note, document)}</p>" if step.note else ""
    return (
        f'<section class="nn-step" id="step-{number}"><span class="nn-number">({number})</span>'
        f"<div>{formula}{note}</div></section>"
    )


def _flow(formulas: Iterable[Math]) -> str:
    """Formulas in a line that breaks where the screen ends, in parts that fit on a phone.

    A part that cannot be broken says how wide it is, so that the style can make it smaller.
    """
    return " ".join(_part(part) for formula in formulas for part in broken(formula, NARROW))


def _part(part: Row) -> str:
    digits = width(part)
    size = f' class="nn-wide" style="--digits:{digits:.0f}"' if digits > NARROW else ""
    return f"<span{size}>{line_mathml(part)}</span>"


def _table(table: Table, document: Document) -> str:
    header = "".join(f"<th>{escape(cell)}</th>" for cell in table.header)
    rows = "".join(
        f"<tr>{''.join(f'<td>{_sentence(cell, document)}</td>' for cell in cells)}</tr>"
        for cells in table.rows
    )
    return f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"


def _sentence(sentence: Sentence, document: Document) -> str:
    return "".join(_inline(item, document) for item in sentence)


def _inline(item: str | Math | Reference, document: Document) -> str:
    if isinstance(item, str):
        return escape(item)
    if isinstance(item, Reference):
        number = document.referred(item)
        return f'<a href="#step-{number}">({number})</a>'
    return mathml(item) if width(item) <= NARROW else _flow([item])
