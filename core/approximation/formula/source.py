"""A formula's text between Python's syntax tree and ours."""

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from core.approximation.formula.lexer import refuse, shown
from core.approximation.formula.tree import Node


class Source(NamedTuple):
    """The text as Python's parser saw it, and for each of its characters where the user has it."""

    text: str
    origin: Sequence[int]

    def refuse(self, node: ast.expr, why: str) -> NoReturn:
        """Raise `InvalidFormula` at the first character of `node`, and show what stands there."""
        stands = self.text[node.col_offset : node.end_col_offset].replace("**", "^")
        refuse(self.origin[node.col_offset], f"{shown(stands)} {why}")


class Part(NamedTuple):
    """A piece still to be read; a condition is expected there or a number."""

    node: ast.expr
    condition: bool = False


class Form(NamedTuple):
    """How the trees of its parts become one tree."""

    build: Callable[..., Node]
    parts: Sequence[Part]
