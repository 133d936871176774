"""Whether a formula is certainly defined on an interval, although one of its arguments was cut.

√u is enclosed for the part u ≥ 0 of a ball. That nothing was cut away is shown by monotony: where
u′ has one sign on the interval and u is in the domain at both of its ends, it is between them.
"""

from math import inf

from flint import arb

from core.approximation.ball_arithmetic.enclosure import (
    DOMAINS,
    Enclosure,
    enclose,
    inside,
    jet_of,
    outside,
)
from core.approximation.ball_arithmetic.jets import contains_zero
from core.approximation.formula.formula import Formula
from core.approximation.formula.symbols import EXP_MINUS_INVERSE
from core.approximation.formula.tree import Node

NEVER_NEGATIVE = frozenset({"abs", "sqrt", "exp", EXP_MINUS_INVERSE})
"""Functions whose values are at least 0 wherever they are defined."""


def is_certainly_defined(
    function: Formula, enclosure: Enclosure, left: float, right: float
) -> bool:
    """Return whether f is proved to be defined on [left, right], of which `enclosure` is one."""
    if not enclosure.doubts:
        return True
    ends = [enclose(function, arb(end), reach=False).results for end in (left, right)]
    for step in enclosure.doubts:
        symbol, arguments, _ = function.instructions[step]
        argument = arguments[0]
        if DOMAINS[symbol] == (0.0, inf) and _is_never_negative(function.nodes[argument]):
            continue
        slope = jet_of(enclosure.results[argument]).slope
        if not slope.is_finite() or contains_zero(slope):
            return False
        if not all(inside(symbol, jet_of(results[argument]).value) for results in ends):
            return False
    return True


def _is_never_negative(node: Node) -> bool:
    """Whether a part of a formula is at least 0 by the way it is written."""
    if node.symbol in ("+", "*", "/"):
        return all(_is_never_negative(argument) for argument in node.arguments)
    if node.symbol == "**":
        power = node.arguments[1].value
        return power is not None and power % 2.0 == 0.0
    return node.symbol in NEVER_NEGATIVE or (node.value is not None and node.value >= 0.0)


def surely_undefined(function: Formula, enclosure: Enclosure) -> bool:
    """Return whether an argument is outside its domain all over the enclosed interval."""
    return any(
        outside(symbol, jet_of(enclosure.results[arguments[0]]).value)
        for symbol, arguments, _ in (function.instructions[step] for step in enclosure.doubts)
    )
