"""The words of formulas: one table, one entry per operator, function and constant.

An entry says how many arguments a symbol takes, what it computes in NumPy and what its partial
derivatives are, as trees. Where a function has a kink or a jump, the derivative is the one that
holds almost everywhere. A word that is only a short form of others stands in `ALIASES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.approximation.formula.tree import VARIABLE, Node, number

Rule = Callable[..., tuple[Node, ...]]


@dataclass(frozen=True)
class Symbol:
    """What a symbol computes, and its partial derivatives in its arguments."""

    value: Callable[..., np.ndarray]
    partials: Rule
    arity: int = 1


def call(symbol: str, *arguments: Node) -> Node:
    """Make the tree of `symbol(arguments…)`."""
    return Node(symbol, arguments)


def _flat(*arguments: Node) -> tuple[Node, ...]:
    return tuple(number(0.0) for _ in arguments)


def _where(condition: Node, yes: Node, no: Node) -> tuple[Node, ...]:
    return (
        number(0.0),
        call("where", condition, number(1.0), number(0.0)),
        call("where", condition, number(0.0), number(1.0)),
    )


def _choice(comparison: str) -> Rule:
    return lambda u, v: _where(call(comparison, u, v), u, v)[1:]


def _power(u: Node, v: Node) -> tuple[Node, ...]:
    if v.value is not None:
        return v * u ** (v.value - 1.0), number(0.0)
    return v * u ** (v - 1.0), call("log", u) * u**v


def _entire(function: Callable[[float], float]) -> Callable[..., np.ndarray]:
    """Apply a function of Python's `math` element by element, NaN where it is not defined."""

    def at(u: float) -> float:
        try:
            return function(u)
        except (ValueError, OverflowError):
            return math.nan

    return lambda u: np.asarray(np.vectorize(at, otypes=[np.float64])(u))


def _u_log_u(u: np.ndarray) -> np.ndarray:
    return np.where(u == 0.0, 0.0, u * np.log(u))


def _exp_minus_inverse(u: np.ndarray) -> np.ndarray:
    return np.where(u > 0.0, np.exp(-1.0 / u), np.where(u == 0.0, 0.0, np.nan))


U_LOG_U, EXP_MINUS_INVERSE = "u log u", "exp(-1/u)"
"""With their limit 0 at u = 0 and undefined below; written as what they are elsewhere."""

SYMBOLS: dict[str, Symbol] = {
    "+": Symbol(np.add, lambda u, v: (number(1.0), number(1.0)), 2),
    "-": Symbol(np.subtract, lambda u, v: (number(1.0), number(-1.0)), 2),
    "*": Symbol(np.multiply, lambda u, v: (v, u), 2),
    "/": Symbol(np.divide, lambda u, v: (1.0 / v, -(u / v**2.0)), 2),
    # The operator, not np.power: it computes u**2 and u**0.5 without a general power.
    "**": Symbol(lambda u, v: u**v, _power, 2),
    "%": Symbol(np.mod, lambda u, v: (number(1.0), -call("floor", u / v)), 2),
    "negate": Symbol(np.negative, lambda u: (number(-1.0),)),
    "abs": Symbol(np.abs, lambda u: (call("sign", u),)),
    "min": Symbol(np.minimum, _choice("<="), 2),
    "max": Symbol(np.maximum, _choice(">="), 2),
    "sign": Symbol(np.sign, _flat),
    "floor": Symbol(np.floor, _flat),
    "ceil": Symbol(np.ceil, _flat),
    "sqrt": Symbol(np.sqrt, lambda u: (0.5 / call("sqrt", u),)),
    "cbrt": Symbol(np.cbrt, lambda u: (1.0 / (3.0 * call("cbrt", u) ** 2.0),)),
    "exp": Symbol(np.exp, lambda u: (call("exp", u),)),
    "expm1": Symbol(np.expm1, lambda u: (call("exp", u),)),
    "log": Symbol(np.log, lambda u: (1.0 / u,)),
    "log1p": Symbol(np.log1p, lambda u: (1.0 / (1.0 + u),)),
    "log2": Symbol(np.log2, lambda u: (1.0 / (math.log(2.0) * u),)),
    "log10": Symbol(np.log10, lambda u: (1.0 / (math.log(10.0) * u),)),
    "sin": Symbol(np.sin, lambda u: (call("cos", u),)),
    "cos": Symbol(np.cos, lambda u: (-call("sin", u),)),
    "tan": Symbol(np.tan, lambda u: (1.0 + call("tan", u) ** 2.0,)),
    "asin": Symbol(np.arcsin, lambda u: (1.0 / call("sqrt", 1.0 - u**2.0),)),
    "acos": Symbol(np.arccos, lambda u: (-1.0 / call("sqrt", 1.0 - u**2.0),)),
    "atan": Symbol(np.arctan, lambda u: (1.0 / (1.0 + u**2.0),)),
    "sinh": Symbol(np.sinh, lambda u: (call("cosh", u),)),
    "cosh": Symbol(np.cosh, lambda u: (call("sinh", u),)),
    "tanh": Symbol(np.tanh, lambda u: (1.0 - call("tanh", u) ** 2.0,)),
    "asinh": Symbol(np.arcsinh, lambda u: (1.0 / call("sqrt", u**2.0 + 1.0),)),
    "acosh": Symbol(np.arccosh, lambda u: (1.0 / call("sqrt", u**2.0 - 1.0),)),
    "atanh": Symbol(np.arctanh, lambda u: (1.0 / (1.0 - u**2.0),)),
    "erf": Symbol(
        _entire(math.erf), lambda u: (2.0 / math.sqrt(math.pi) * call("exp", -(u**2.0)),)
    ),
    U_LOG_U: Symbol(_u_log_u, lambda u: (1.0 + call("log", u),)),
    EXP_MINUS_INVERSE: Symbol(_exp_minus_inverse, lambda u: (call(EXP_MINUS_INVERSE, u) / u**2.0,)),
    "where": Symbol(np.where, _where, 3),
    "<": Symbol(np.less, _flat, 2),
    "<=": Symbol(np.less_equal, _flat, 2),
    ">": Symbol(np.greater, _flat, 2),
    ">=": Symbol(np.greater_equal, _flat, 2),
    "==": Symbol(np.equal, _flat, 2),
    "!=": Symbol(np.not_equal, _flat, 2),
    "and": Symbol(np.logical_and, _flat, 2),
    "or": Symbol(np.logical_or, _flat, 2),
    "not": Symbol(np.logical_not, _flat),
}

CONDITIONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "and", "or", "not"})

ALIASES: dict[str, Callable[..., Node]] = {
    "ln": lambda u: call("log", u),
    "exp2": lambda u: call("**", number(2.0), u),
    "pow": lambda u, v: call("**", u, v),
    "mod": lambda u, v: call("%", u, v),
    "hypot": lambda u, v: call("sqrt", u * u + v * v),
    "clip": lambda u, low, high: call("min", call("max", u, low), high),
    "square": lambda u: call("**", u, number(2.0)),
    "sec": lambda u: 1.0 / call("cos", u),
    "csc": lambda u: 1.0 / call("sin", u),
    "cot": lambda u: 1.0 / call("tan", u),
    "arcsin": lambda u: call("asin", u),
    "arccos": lambda u: call("acos", u),
    "arctan": lambda u: call("atan", u),
    "arcsinh": lambda u: call("asinh", u),
    "arccosh": lambda u: call("acosh", u),
    "arctanh": lambda u: call("atanh", u),
    "relu": lambda u: call("max", u, number(0.0)),
    "sigmoid": lambda u: 0.5 + 0.5 * call("tanh", 0.5 * u),
    "softplus": lambda u: call("max", u, number(0.0)) + call("log1p", call("exp", -call("abs", u))),
    "gelu": lambda u: 0.5 * u * (1.0 + call("erf", u / math.sqrt(2.0))),
}

NAMES: dict[str, Node] = {
    "x": VARIABLE,
    "pi": number(math.pi),
    "e": number(math.e),
    "tau": number(math.tau),
}
