"""The operators of two or three arguments on jets, and comparisons that may be undecided."""

from collections.abc import Callable

from flint import arb

from core.approximation.ball_arithmetic.elementary_functions import ELEMENTARY_FUNCTIONS
from core.approximation.ball_arithmetic.jets import (
    ONE,
    UNKNOWN,
    ZERO,
    Jet,
    compose,
    constant,
    contains_zero,
)


def _add(u: Jet, v: Jet) -> Jet:
    return Jet(u.value + v.value, u.slope + v.slope, u.second + v.second)


def _subtract(u: Jet, v: Jet) -> Jet:
    return Jet(u.value - v.value, u.slope - v.slope, u.second - v.second)


def _multiply(u: Jet, v: Jet) -> Jet:
    if u is v:
        return _power(u, SQUARE)
    return Jet(
        u.value * v.value,
        u.slope * v.value + u.value * v.slope,
        u.second * v.value + u.slope * v.slope + u.value * v.second,
    )


def _divide(u: Jet, v: Jet) -> Jet:
    """Solve u = q v for q, coefficient by coefficient: narrower than the product of u and 1/v."""
    value = u.value / v.value
    slope = (u.slope - value * v.slope) / v.value
    return Jet(value, slope, (u.second - value * v.second - slope * v.slope) / v.value)


def _modulo(u: Jet, v: Jet) -> Jet:
    ratio = _divide(u, v)
    return _subtract(u, _multiply(v, compose(ELEMENTARY_FUNCTIONS["floor"](ratio.value), ratio)))


def _power(u: Jet, v: Jet) -> Jet:
    if v.is_constant:
        p = v.value
        coefficients = (power(u.value, p), p * power(u.value, p - 1), p * (p - 1) / 2)
        if not coefficients[2].is_zero():
            coefficients = (*coefficients[:2], coefficients[2] * power(u.value, p - 2))
        return compose(coefficients, u)
    if u is v and contains_zero(u.value) and u.value.upper() < DESCENDING:
        return _self_power(u)
    exponent = _multiply(v, compose(ELEMENTARY_FUNCTIONS["log"](u.value), u))
    return compose(ELEMENTARY_FUNCTIONS["exp"](exponent.value), exponent)


def _self_power(u: Jet) -> Jet:
    """u**u around 0, where it falls from 0**0 = 1 as u rises."""
    top = u.value.upper()
    lowest = (top * top.log()).exp() if top > 0 else ONE
    return Jet(lowest.union(ONE), UNKNOWN, UNKNOWN)


def power(u: arb, p: arb) -> arb:
    """Return u**p for every u of the ball at which it is real and finite.

    For p that is no integer a ball that reaches below 0 is cut there.
    """
    if u > 0 or p.is_zero():
        return u**p
    odd = is_integer(p) and float(p) % 2 == 1
    if u < 0 and is_integer(p):
        return -((-u) ** p) if odd else (-u) ** p
    if u < 0 or not p > 0:
        return UNKNOWN
    # Around 0: Arb has no power of a ball with both signs, but |u|**p increases with |u|.
    above = u.nonnegative_part().upper() ** p
    below = (-u).nonnegative_part().upper() ** p
    if odd:
        return above.union(-below)
    if is_integer(p):
        above = above.max(below)
    return ZERO.union(above).nonnegative_part()


def is_integer(p: arb) -> bool:
    """Return whether p is exactly one integer."""
    return bool(p.is_exact() and p.is_integer())


def _smaller(u: Jet, v: Jet) -> Jet:
    if u.value <= v.value:
        return u
    if v.value <= u.value:
        return v
    # Both slopes are possible and so is every one between: the mean value theorem still holds.
    return Jet(u.value.min(v.value), u.slope.union(v.slope), UNKNOWN)


def _negated(u: Jet) -> Jet:
    return Jet(-u.value, -u.slope, -u.second)


def _larger(u: Jet, v: Jet) -> Jet:
    return _negated(_smaller(_negated(u), _negated(v)))


def either(u: Jet, v: Jet) -> Jet:
    """Return what holds whichever of the two it is; there may be a jump between them."""
    return Jet(u.value.union(v.value), UNKNOWN, UNKNOWN)


SQUARE = constant(2.0)
DESCENDING = 0.36
"""Below 1/e u**u falls."""

OPERATORS: dict[str, Callable[[Jet, Jet], Jet]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
    "**": _power,
    "min": _smaller,
    "max": _larger,
}


def compare(symbol: str, u: arb, v: arb) -> bool | None:
    """Return whether u < v (and so on) for all numbers of both balls; None where it depends."""
    if symbol in (">", ">="):
        return compare("<" if symbol == ">" else "<=", v, u)
    if symbol == "!=":
        equal = compare("==", u, v)
        return None if equal is None else not equal
    if symbol == "==":
        if u < v or v < u:
            return False
        return True if u.is_exact() and v.is_exact() and u == v else None
    if u < v or (symbol == "<=" and u <= v):
        return True
    return False if v < u or (symbol == "<" and v <= u) else None


def both(u: bool | None, v: bool | None) -> bool | None:
    """Logical and of statements that may be undecided."""
    if u is False or v is False:
        return False
    return None if u is None or v is None else True
