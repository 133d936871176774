"""A formula over an interval: rigorous balls around f, f′ and f″/2, and what stays in doubt."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from flint import arb

from core.approximation.ball_arithmetic.elementary_functions import ELEMENTARY_FUNCTIONS, TURN
from core.approximation.ball_arithmetic.jets import (
    ONE,
    UNKNOWN,
    ZERO,
    Jet,
    compose,
    constant,
    contains_zero,
)
from core.approximation.ball_arithmetic.operators import (
    OPERATORS,
    both,
    compare,
    either,
    is_integer,
)
from core.approximation.formula.formula import Formula
from core.approximation.formula.symbols import EXP_MINUS_INVERSE, U_LOG_U
from core.approximation.formula.tree import VARIABLE

# Where functions that stop at a finite value are defined.
DOMAINS: dict[str, tuple[float, float]] = {
    "sqrt": (0.0, float("inf")),
    "asin": (-1.0, 1.0),
    "acos": (-1.0, 1.0),
    "acosh": (1.0, float("inf")),
    "**": (0.0, float("inf")),
    U_LOG_U: (0.0, float("inf")),
    EXP_MINUS_INVERSE: (0.0, float("inf")),
}

SINGULAR_AT_ZERO = frozenset({"log", "log2", "log10"})
Result = Jet | bool | None
NOTHING: frozenset[int] = frozenset()


class Enclosure(NamedTuple):
    """What is certain about f on an interval, wherever f is defined there."""

    jet: Jet
    doubts: frozenset[int]
    """Steps of the formula whose argument may leave the domain: it was cut at its end."""
    results: Sequence[Result]
    """What every step of the formula gave."""


def enclose(function: Formula, x: arb, refine: bool = True, reach: bool = True) -> Enclosure:
    """Enclose f, f′ and f″/2 over the ball x.

    A coefficient that is not finite says that nothing is known of it: a pole, a kink or a jump
    cannot be excluded, or f is not defined, or the coefficient has no bound. With `refine` an
    argument whose ball reaches out of a domain is enclosed by Taylor's theorem too. Without `reach`
    nothing is enclosed beyond x, where a quotient beside its limit may have no bound.
    """
    x = _up_to_limits(function, x) if reach else x
    results: list[Result] = []
    doubts: list[frozenset[int]] = []
    middle: Sequence[Result] = ()
    for symbol, arguments, value in function.instructions:
        used = arguments
        if value is not None:
            results.append(constant(value))
        elif symbol == VARIABLE.symbol:
            results.append(Jet(x, ONE, ZERO))
        elif symbol == "where":
            result, used = _choose([results[i] for i in arguments], arguments)
            results.append(result)
        else:
            if _needs_center(symbol, [results[i] for i in arguments]) and refine:
                # Balls forget that terms depend on one another; Taylor's theorem does not.
                middle = middle or enclose(function, x.mid(), refine=False).results
                for i in arguments:
                    results[i] = _centered(results[i], middle[i], x - x.mid())
            operands = [results[i] for i in arguments]
            limits = function.removable.get(len(results), ())
            order = max((limit.order for limit in limits if x.contains(limit.c)), default=0)
            if order:
                u, v = (jet_of(operand) for operand in operands)
                results.append(divide_by_vanishing(u, v, order))
            else:
                results.append(_apply(symbol, operands))
        inherited = NOTHING
        for i in used:
            inherited |= doubts[i]
        if symbol in DOMAINS and _is_cut(symbol, arguments, results):
            inherited |= {len(doubts)}
        doubts.append(inherited)
    return Enclosure(jet_of(results[-1]), doubts[-1], results)


def _up_to_limits(function: Formula, x: arb) -> arb:
    """Let an interval beside a removable singularity reach it: what holds there holds on less."""
    for limits in function.removable.values():
        for limit in limits:
            if not x.contains(limit.c) and x.overlaps(arb(limit.c, limit.near)):
                x = x.union(arb(limit.c))
    return x


def divide_by_vanishing(u: Jet, v: Jet, order: int) -> Jet:
    """Return u/v where both have a zero of this order, 1 or 2, at one point of the interval."""
    if order == 1:
        return OPERATORS["/"](Jet(u.slope, u.second, UNKNOWN), Jet(v.slope, v.second, UNKNOWN))
    return OPERATORS["/"](Jet(u.second, UNKNOWN, UNKNOWN), Jet(v.second, UNKNOWN, UNKNOWN))


def _needs_center(symbol: str, operands: Sequence[Result]) -> bool:
    """Whether an argument reaches where the function has no value, perhaps only by its ball."""
    last = operands[-1] if symbol == "/" else operands[0]
    if not isinstance(last, Jet) or not last.value.is_finite():
        return False
    if symbol == "/":
        return contains_zero(last.value)
    if symbol in SINGULAR_AT_ZERO:
        return not last.value > 0
    return symbol in DOMAINS and symbol != "**" and not inside(symbol, last.value)


def _centered(result: Result, middle: Result, step: arb) -> Result:
    """Intersect a ball with those of Taylor's theorem around the middle of the interval."""
    if not isinstance(result, Jet) or not isinstance(middle, Jet) or result.is_constant:
        return result
    value = result.value
    for form in (
        middle.value + result.slope * step,
        middle.value + step * (middle.slope + result.second * step),
    ):
        if form.is_finite():
            with suppress(ValueError):  # disjoint: f is defined nowhere here
                value = value.intersection(form)
    return Jet(value, result.slope, result.second)


def jet_of(result: Result) -> Jet:
    """Return a result that the grammar has made sure is a number."""
    if not isinstance(result, Jet):
        raise TypeError("a condition where a number is expected")
    return result


def _choose(results: Sequence[Result], arguments: tuple[int, ...]) -> tuple[Jet, tuple[int, ...]]:
    """Return the branch of a `where`, and the steps that it depends on."""
    condition, yes, no = results[0], jet_of(results[1]), jet_of(results[2])
    if condition is None:
        return either(yes, no), arguments
    return (yes, arguments[:2]) if condition else (no, (arguments[0], arguments[2]))


def _apply(symbol: str, operands: Sequence[Result]) -> Result:
    if symbol in OPERATORS:
        u, v = jet_of(operands[0]), jet_of(operands[1])
        result = OPERATORS[symbol](u, v)
        return constant(result.value) if u.is_constant and v.is_constant else result
    if symbol in ("and", "or", "not"):
        return _logical(symbol, [None if isinstance(u, Jet) else u for u in operands])
    if symbol in ELEMENTARY_FUNCTIONS:
        u = jet_of(operands[0])
        if symbol in DOMAINS and not inside(symbol, u.value):
            return _cut(symbol, u)
        return compose(ELEMENTARY_FUNCTIONS[symbol](u.value), u)
    return compare(symbol, jet_of(operands[0]).value, jet_of(operands[1]).value)


def _logical(symbol: str, statements: Sequence[bool | None]) -> bool | None:
    negated = [None if statement is None else not statement for statement in statements]
    if symbol == "not":
        return negated[0]
    if symbol == "and":
        return both(statements[0], statements[1])
    neither = both(negated[0], negated[1])
    return None if neither is None else not neither


def inside(symbol: str, u: arb) -> bool:
    """Return whether every number of u is in the domain of the function."""
    low, high = DOMAINS[symbol]
    return bool(u >= low and u <= high)


def outside(symbol: str, u: arb) -> bool:
    """Return whether no number of u is in the domain of the function."""
    low, high = DOMAINS[symbol]
    return bool(u < low or u > high)


def _cut(symbol: str, u: Jet) -> Jet:
    low, high = DOMAINS[symbol]
    if not u.value.is_finite():
        return Jet(UNKNOWN, UNKNOWN, UNKNOWN)
    ends = [min(max(end, low), high) for end in (float(u.value.lower()), float(u.value.upper()))]
    left, right = (ELEMENTARY_FUNCTIONS[symbol](arb(end))[0] for end in ends)
    value = left.union(right)
    if symbol == U_LOG_U and ends[0] < TURN and ends[1] > TURN:
        value = value.union(-TURN)
    return Jet(value, UNKNOWN, UNKNOWN)


def _is_cut(symbol: str, arguments: tuple[int, ...], results: Sequence[Result]) -> bool:
    u = jet_of(results[arguments[0]])
    if symbol == "**":
        exponent = jet_of(results[arguments[1]])
        if not exponent.is_constant or is_integer(exponent.value):
            return False
    return not inside(symbol, u.value)
