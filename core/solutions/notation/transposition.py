"""Formulas for row vectors: every column of numbers as a row, every matrix transposed."""

from core.solutions.notation import tree
from core.solutions.notation.by_node import ByNode

transposed = ByNode[tree.Math]()
"""The same formula with rows and columns of its matrices exchanged; products keep their order."""


@transposed.register
def _(math: tree.Number) -> tree.Math:
    return math


@transposed.register
def _(math: tree.Mark) -> tree.Math:
    return math


@transposed.register
def _(math: tree.Row) -> tree.Math:
    return tree.Row(tuple(map(transposed, math.items)))


@transposed.register
def _(math: tree.Scripts) -> tree.Math:
    return tree.Scripts(transposed(math.base), math.below, math.above)


@transposed.register
def _(math: tree.Limits) -> tree.Math:
    return math


@transposed.register
def _(math: tree.Fraction) -> tree.Math:
    return tree.Fraction(transposed(math.top), transposed(math.bottom))


@transposed.register
def _(math: tree.Fenced) -> tree.Math:
    return tree.Fenced(transposed(math.inside))


@transposed.register
def _(math: tree.Root) -> tree.Math:
    return tree.Root(transposed(math.inside))


@transposed.register
def _(math: tree.Matrix) -> tree.Math:
    columns = zip(*math.rows, strict=True)
    return tree.Matrix(tuple(tuple(map(transposed, column)) for column in columns))
