"""Formulas in one variable x, as a client writes them: read once, evaluated at many points."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.differentiation import derivative
from core.approximation.formula.lexer import (
    SIGNS,
    SUPERSCRIPTS,
    Token,
    quoted,
    syntax_error,
    tokenize,
)
from core.approximation.formula.parser import build_tree
from core.approximation.formula.printer import format_tree
from core.approximation.formula.removable import Removable
from core.approximation.formula.source import Source
from core.approximation.formula.symbols import SYMBOLS
from core.approximation.formula.tree import VARIABLE, Node, postorder
from core.arrays import Array
from core.errors import InvalidFormula, NotFinite

MAX_LENGTH = 1000
# A block of every intermediate result of a short formula stays in the second-level cache.
BLOCK = 4096

Instruction = tuple[str, tuple[int, ...], float | None]


@dataclass(frozen=True, eq=False)
class Formula:
    """A function of x, callable on arrays of any shape."""

    text: str | None
    """As the client wrote it; of a derivative None where it would be too long to read."""
    tree: Node
    removable: Mapping[int, tuple[Removable, ...]] = field(default_factory=dict)
    """By the number of an instruction that divides: where it is 0/0, and its limits there."""
    limits: tuple[tuple[float, float], ...] = ()
    """Points at which f as it is written has no value, and the limits that are taken for it."""

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """The tree as a list of operations in order, equal subexpressions computed once."""
        return tuple(self._places)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The part of the tree that every instruction ends."""
        return tuple(self._places.values())

    @cached_property
    def _places(self) -> dict[Instruction, Node]:
        number: dict[Instruction, int] = {}
        nodes: dict[Instruction, Node] = {}
        place_of: dict[int, int] = {}
        for node in postorder(self.tree):
            step = (node.symbol, tuple(place_of[id(u)] for u in node.arguments), node.value)
            place_of[id(node)] = number.setdefault(step, len(number))
            nodes.setdefault(step, node)
        return nodes

    def __call__(self, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
        """f(x), element by element; NaN where f has no real value, ±inf at a pole or overflow."""
        result = np.empty(x.shape)
        flat_x, flat_result = x.reshape(-1), result.reshape(-1)
        with np.errstate(all="ignore"):
            for start in range(0, flat_x.size, BLOCK):
                here = slice(start, start + BLOCK)
                flat_result[here] = self._evaluate(flat_x[here])
        return result

    def _evaluate(self, x: Array) -> Array:
        results: list[Array | np.float64] = []
        for symbol, arguments, value in self.instructions:
            if symbol == VARIABLE.symbol:
                results.append(x)
            elif value is not None:
                results.append(np.float64(value))
            else:
                results.append(SYMBOLS[symbol].value(*(results[i] for i in arguments)))
            for limit in self.removable.get(len(results) - 1, ()):
                results[-1] = limit.fill(x, results[-1])
        return np.asarray(results[-1])


def derivative_of(function: Formula) -> Formula:
    """Return f′ as a formula, with its text."""
    tree = derivative(function.tree)
    return Formula(format_tree(tree), tree)


def parse(text: str, max_length: int = MAX_LENGTH) -> Formula:
    """Read the formula that `text` means.

    Python's operators and precedence, with `^` for powers beside `**`; names and functions from
    `language`; conditions only inside `where(condition, a, b)`. Nothing of the text is executed.

    Raises `InvalidFormula` naming the character, counted from 1, at which it is not understood.
    """
    if len(text) > max_length:
        syntax_error(
            max_length, f"the formula has {len(text)} characters, at most {max_length} are read"
        )
    tokens = tokenize(text)
    source = _as_python(text, tokens)
    try:
        python = ast.parse(source.text, mode="eval")
    except SyntaxError as error:
        position = source.origin[min(max(error.offset or 1, 1) - 1, len(source.text) - 1)]
        syntax_error(position, f"{quoted(text[position:])} is not understood")
    except (RecursionError, MemoryError):
        syntax_error(tokens[0].start, "the formula is nested too deeply")
    return Formula(text, build_tree(python.body, source))


def finite_values(function: Formula, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
    """Return f(x); raise `NotFinite` with the first x at which it is infinite or not a number."""
    values = function(x)
    finite = np.isfinite(values)
    if not finite.all():
        first = np.unravel_index(int(np.argmin(finite)), finite.shape)
        raise NotFinite(without_value(values[first], x[first]), ("function",))
    return values


def without_value(value: float, x: float) -> str:
    """Say that f has this value, NaN or infinite, at x."""
    advice = (
        "; no limit of f is known there: choose an interval without it" if value != value else ""
    )
    return f"f(x) = {value} at x = {x}{advice}"


def _written(text: str, position: int) -> str:
    """Return a character as Python writes it."""
    character = text[position]
    if character in SUPERSCRIPTS:
        is_first = position == 0 or text[position - 1] not in SUPERSCRIPTS
        return ("**" if is_first else "") + SUPERSCRIPTS[character]
    return "**" if character == "^" else SIGNS.get(character, character)


def constant_value(text: str) -> float:
    """Return the number that a formula without x is; raises `InvalidFormula` and `NotFinite`."""
    function = parse(text)
    if any(node is VARIABLE for node in function.nodes):
        raise InvalidFormula(f"{quoted(text)} depends on x where a number is expected", ())
    return float(finite_values(function, np.zeros(1))[0])


def _as_python(text: str, tokens: Sequence[Token]) -> Source:
    """Write `**` for `^`, from the first token on: Python refuses leading blanks.

    A blank goes before `and`, `or` and `not`: Python warns of a number that runs into them.
    """
    logical = {token.start for token in tokens if token.kind == "operator" and token.text.isalpha()}
    characters, origin = [], []
    for position in range(tokens[0].start, len(text)):
        written = _written(text, position)
        if position in logical and position > tokens[0].start:
            written = f" {written}"
        characters.append(written)
        origin.extend([position] * len(written))
    return Source("".join(characters), [*origin, len(text)])
