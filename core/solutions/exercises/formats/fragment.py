r"""A task as a piece of HTML with formulas in \(…\), which MathJax sets on learning platforms."""

from base64 import b64encode
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
from core.solutions.drawing.svg import svg
from core.solutions.notation.tex import tex
from core.solutions.notation.tree import Math
from core.solutions.step import Reference, Sentence, Step


def fragment(document: Document) -> str:
    """The blocks of a document that has no steps; its title is left to the platform."""
    return "\n".join(map(_block, document.blocks))


def inline(math: str) -> str:
    """A formula, from LaTeX."""
    return rf"\({escape(math)}\)"


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"<h3>{escape(block.text)}</h3>"
        case Paragraph():
            return f"<p>{_sentence(block.sentence)}</p>"
        case Equations():
            formulas = " &emsp; ".join(inline(tex(formula)) for formula in block.formulas)
            return f"<p>{formulas}</p>"
        case Picture():
            source = b64encode(svg(block.figure, block.caption).encode()).decode()
            alt = escape(block.caption, quote=True)
            return f'<p><img src="data:image/svg+xml;base64,{source}" alt="{alt}"></p>'
        case Step() | Table() | PageBreak():
            raise TypeError("a task has no steps, tables or pages")


def _sentence(sentence: Sentence) -> str:
    return "".join(map(_item, sentence))


def _item(item: str | Math | Reference) -> str:
    if isinstance(item, Reference):
        raise TypeError("a task refers to no step")
    return escape(item) if isinstance(item, str) else inline(tex(item))
