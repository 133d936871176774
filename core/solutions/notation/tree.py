"""Formulas as data: a tree of nine kinds of node, with a writer for each markup language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.solutions.notation.glyphs import GLYPHS, Glyph


@dataclass(frozen=True)
class Number:
    """Digits as `rounding.plain` writes them: "-0.90", "1.2e-7"."""

    text: str


@dataclass(frozen=True)
class Mark:
    """A letter, an operator or a relation: an entry of `GLYPHS`."""

    name: str

    @property
    def glyph(self) -> Glyph:
        """How it is written."""
        return GLYPHS[self.name]


@dataclass(frozen=True)
class Row:
    """One after the other."""

    items: tuple["Math", ...]


@dataclass(frozen=True)
class Scripts:
    """A base with something below and above it at its right."""

    base: "Math"
    below: "Math | None" = None
    above: "Math | None" = None


@dataclass(frozen=True)
class Limits:
    """A large operator with its limits under and over it."""

    base: "Math"
    under: "Math"
    over: "Math | None" = None


@dataclass(frozen=True)
class Fraction:
    """One above the other, with a line between them."""

    top: "Math"
    bottom: "Math"


@dataclass(frozen=True)
class Fenced:
    """In parentheses that grow with what is inside."""

    inside: "Math"


@dataclass(frozen=True)
class Root:
    """A square root."""

    inside: "Math"


@dataclass(frozen=True)
class Matrix:
    """In parentheses, row by row; a column vector has rows of one."""

    rows: tuple[tuple["Math", ...], ...]


Math = Number | Mark | Row | Scripts | Limits | Fraction | Fenced | Root | Matrix


def row(*items: "Math | str | int") -> Row:
    """Items in a row; a string is the name of a mark, an integer a number."""
    return Row(tuple(map(as_math, items)))


def as_math(item: "Math | str | int") -> Math:
    """The node that a string or an integer stands for."""
    if isinstance(item, str):
        return Mark(item)
    return Number(str(item)) if isinstance(item, int) else item


def joined(items: Iterable[Math], mark: str) -> Row:
    """Items with an operator between them: a + b + c."""
    parts: list[Math] = []
    for item in items:
        parts += [Mark(mark), item] if parts else [item]
    return Row(tuple(parts))


def column(items: Iterable[Math]) -> Math:
    """A column vector; a single item needs no parentheses."""
    return matrix((item,) for item in items)


def entries(matrix: Matrix) -> list[Math]:
    """All entries of a matrix, row by row."""
    return [entry for line in matrix.rows for entry in line]


def is_tall(math: Math) -> bool:
    """Whether a fraction, a matrix or limits make it taller than a line."""
    if isinstance(math, Row):
        return any(map(is_tall, math.items))
    if isinstance(math, Scripts):
        return is_tall(math.base)
    if isinstance(math, Fenced | Root):
        return is_tall(math.inside)
    return isinstance(math, Fraction | Matrix | Limits)


def matrix(rows: Iterable[Sequence[Math]]) -> Math:
    """A matrix from its rows; a single entry stands for itself."""
    lines = tuple(map(tuple, rows))
    return lines[0][0] if len(lines) == 1 == len(lines[0]) else Matrix(lines)
