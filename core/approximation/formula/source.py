"""The text of a formula while Python's syntax tree is converted to nodes."""

import ast
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from core.approximation.formula.lexer import quoted, syntax_error
from core.approximation.formula.tree import Node


class Source(NamedTuple):
    """The text as Python's parser saw it, and for each of its characters where the user has it."""

    text: str
    origin: Sequence[int]

    def refuse(self, node: ast.expr, why: str) -> NoReturn:
        """Raise `InvalidFormula` at the first character of `node`, and show what stands there."""
        stands = self.text[node.col_offset : node.end_col_offset].replace("**", "^")
        syntax_error(self.origin[node.col_offset], f"{quoted(stands)} {why}")


class PendingOperand(NamedTuple):
    """A piece still to be read; a condition is expected there or a number."""

    node: ast.expr
    condition: bool = False


class PendingNode(NamedTuple):
    """How the trees of its parts become one tree."""

    build: Callable[..., Node]
    parts: Sequence[PendingOperand]
