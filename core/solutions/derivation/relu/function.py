"""The formula of f as a client wrote it, set as mathematics, with anything in the place of x."""

from collections.abc import Callable
from decimal import Decimal
from math import e, pi, tau

from core.approximation.formula.printer import LEAF, PRECEDENCE
from core.approximation.formula.tree import Node, postorder
from core.solutions.derivation.page import number
from core.solutions.notation.tree import (
    Fenced,
    Fraction,
    Mark,
    Math,
    Number,
    Root,
    Scripts,
    joined,
    row,
)

FunctionFormula = Callable[[Math], Math]
"""The argument -> f of it."""
_OPERATORS = {
    "+": "plus",
    "-": "minus",
    "*": "times",
    "%": "mod",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
    "==": "equals",
    "!=": "unequal",
    "and": "and",
    "or": "or",
}
"""The mark of each operator between two arguments."""
_CONSTANTS: dict[float, Math] = {pi: Mark("pi"), e: Mark("e"), tau: row(2, "pi")}
_NAMES = {"log": "ln", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
"""The words of the language that mathematics writes in another way."""


def function_formula(tree: Node) -> FunctionFormula:
    """The function that writes `tree` with an argument in the place of x."""

    def written(argument: Math) -> Math:
        forms: dict[int, Math] = {}
        for node in postorder(tree):
            forms[id(node)] = _written(node, [forms[id(u)] for u in node.arguments], argument)
        return forms[id(tree)]

    return written


def _written(node: Node, forms: list[Math], x: Math) -> Math:
    """One node, from the forms of its arguments."""
    symbol = node.symbol
    if node.value is not None:
        return _CONSTANTS.get(node.value) or number(Decimal(repr(node.value).removesuffix(".0")))
    if not forms:
        return x
    if symbol in _SHAPES:
        return _SHAPES[symbol](*forms)
    binds = PRECEDENCE.get(symbol, LEAF)
    if symbol in _OPERATORS:
        right_binds = binds + (symbol in "-%")
        left, right = _fenced(node, 0, forms, binds), _fenced(node, 1, forms, right_binds)
        return row(left, _OPERATORS[symbol], right)
    if symbol == "**":
        return Scripts(_base(node, forms), above=forms[1])
    if symbol in ("negate", "not"):
        sign = "minus" if symbol == "negate" else "not"
        inside = Fenced(forms[0]) if _is_negative(forms[0]) else _fenced(node, 0, forms, binds + 1)
        return row(sign, inside)
    return row(_NAMES.get(symbol, symbol), Fenced(joined(forms, "comma")))


def _fenced(node: Node, which: int, forms: list[Math], at_least: int) -> Math:
    """An argument of an operator, in parentheses where it binds less."""
    argument, form = node.arguments[which], forms[which]
    binds = 0 if _is_negative(form) and which else PRECEDENCE.get(argument.symbol, LEAF)
    return Fenced(form) if binds < at_least else form


def _base(node: Node, forms: list[Math]) -> Math:
    """The base of a power: a single positive number, letter or call needs no parentheses."""
    form = forms[0]
    simple = isinstance(form, Mark | Scripts | Number) and not _is_negative(form)
    return form if simple and node.arguments[0].symbol != "exp" else Fenced(form)


def _is_negative(form: Math) -> bool:
    return isinstance(form, Number) and form.text.startswith("-")


_SHAPES: dict[str, Callable[..., Math]] = {
    "/": lambda top, bottom: Fraction(row(top), row(bottom)),
    "sqrt": lambda inside: Root(inside),
    "exp": lambda power: Scripts(Mark("e"), above=power),
    "abs": lambda inside: row("|", inside, "|"),
}
"""What is no operator between its arguments and no name before them."""
