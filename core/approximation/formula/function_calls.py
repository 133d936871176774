"""Functions called in a formula: which there are, and how many arguments each takes."""

import ast
import inspect
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import partial, reduce

from core.approximation.formula.source import PendingNode, PendingOperand, Source
from core.approximation.formula.symbols import ALIASES, CONDITIONS, NAMES, SYMBOLS, call
from core.approximation.formula.tree import Node
from core.errors import counted

FUNCTIONS = frozenset(name for name in SYMBOLS if name.isalnum()) - CONDITIONS - {"negate"}
WORDS = sorted({*FUNCTIONS, *ALIASES})


def parse_call(node: ast.Call, source: Source) -> PendingNode:
    """Read a call; raise `InvalidFormula` where its name or its arguments are not known ones."""
    if not isinstance(node.func, ast.Name):
        source.refuse(node.func, "is not a function")
    name, arguments = node.func.id, node.args
    if name in NAMES:
        source.refuse(node.func, f"is not a function; write a product with *: {name}*(…)")
    if name not in WORDS:
        source.refuse(node.func, f"is not a known function{suggestion(name, WORDS)}")
    if name in ("min", "max"):
        return PendingNode(
            _folded(name, node, source), [PendingOperand(argument) for argument in arguments]
        )
    expected = (
        SYMBOLS[name].arity
        if name in FUNCTIONS
        else len(inspect.signature(ALIASES[name]).parameters)
    )
    if len(arguments) != expected:
        source.refuse(node.func, f"takes {counted(expected, 'argument')}, got {len(arguments)}")
    build = partial(call, name) if name in FUNCTIONS else ALIASES[name]
    return PendingNode(
        build,
        [
            PendingOperand(argument, name == "where" and i == 0)
            for i, argument in enumerate(arguments)
        ],
    )


def _folded(name: str, node: ast.Call, source: Source) -> Callable[..., Node]:
    if len(node.args) < 2:
        source.refuse(node.func, f"takes 2 or more arguments, got {len(node.args)}")
    return lambda *arguments: reduce(partial(call, name), arguments)


def suggestion(word: str, known: Sequence[str]) -> str:
    """Say what may have been meant by `word`, or else all that is known."""
    near = get_close_matches(word.lower(), known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
