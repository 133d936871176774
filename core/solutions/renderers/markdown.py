"""A document as Markdown with $…$ mathematics, as GitHub, GitLab, Jupyter and Pandoc read it."""

import re
from base64 import b64encode

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


def markdown(document: Document) -> str:
    """The whole document; its pictures stand at the end, as SVG in data URIs."""
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    parts = [f"# {_plain(document.title)}", *(_block(block, document) for block in document.blocks)]
    parts += [_source(picture) for picture in pictures]
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """A title, in which no letter is markup."""
    return _MARKUP.sub(r"\\\1", text)


_MARKUP = re.compile(r"([\\`*_\[\]<>#$|])")


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_plain(block.text)}"
        case Paragraph():
            return _sentence(block.sentence, document)
        case Equations():
            return "\n\n".join(f"$${tex(formula)}$$" for formula in block.formulas)
        case Step():
            return _step(block, document)
        case Picture():
            return f"![{block.caption}]\n\n*{block.caption}*"
        case PageBreak():
            return "---"
        case Table():
            rows = [block.header, ("---",) * len(block.header)]
            rows += [tuple(_sentence(cell, document) for cell in cells) for cells in block.rows]
            return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _step(step: Step, document: Document) -> str:
    lines = " \\\\\n&".join(map(tex, step.lines))
    aligned = f"\\begin{{aligned}}\n{tex(step.symbol)} &{lines}\n\\end{{aligned}}"
    equation = f"$$\n{aligned} \\tag{{{document.number(step)}}}\n$$"
    return f"{equation}\n\n{_sentence(step.note, document)}" if step.note else equation


def _source(picture: Picture) -> str:
    content = b64encode(svg(picture.figure, picture.caption).encode()).decode()
    return f"[{picture.caption}]: data:image/svg+xml;base64,{content}"


def _sentence(sentence: Sentence, document: Document) -> str:
    return "".join(_inline(item, document) for item in sentence)


def _inline(item: str | Math | Reference, document: Document) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, Reference):
        return f"({document.referred(item)})"
    return f"${tex(item)}$"
