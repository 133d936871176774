"""Whether a formula is certainly defined on an interval, although one of its arguments was cut.

√u is enclosed for the part u ≥ 0 of a ball. That nothing was cut away is shown by monotony: where
u′ has one sign on the interval and u is in the domain at both of its ends, it is between them.
"""

from flint import arb

from core.approximation.ball_arithmetic.enclosure import Enclosure, enclose, inside, jet_of, outside
from core.approximation.ball_arithmetic.jets import contains_zero
from core.approximation.formula.formula import Formula


def is_certainly_defined(
    function: Formula, enclosure: Enclosure, left: float, right: float
) -> bool:
    """Return whether f is proved to be defined on [left, right], of which `enclosure` is one."""
    if not enclosure.doubts:
        return True
    ends = [enclose(function, arb(end)).results for end in (left, right)]
    for step in enclosure.doubts:
        symbol, arguments, _ = function.instructions[step]
        argument = arguments[0]
        slope = jet_of(enclosure.results[argument]).slope
        if not slope.is_finite() or contains_zero(slope):
            return False
        if not all(inside(symbol, jet_of(results[argument]).value) for results in ends):
            return False
    return True


def surely_undefined(function: Formula, enclosure: Enclosure) -> bool:
    """Return whether an argument is outside its domain all over the enclosed interval."""
    return any(
        outside(symbol, jet_of(enclosure.results[arguments[0]]).value)
        for symbol, arguments, _ in (function.instructions[step] for step in enclosure.doubts)
    )
