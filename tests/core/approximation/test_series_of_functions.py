"""Value, slope and bend of every function of one argument are mpmath's, at points and on balls."""

import mpmath
import pytest
from flint import arb

from core.approximation.ball_arithmetic.elementary_functions import ELEMENTARY_FUNCTIONS
from core.approximation.formula.symbols import EXP_MINUS_INVERSE, U_LOG_U

ANYWHERE = (-2.75, -0.4, 0.3, 0.9, 2.6)
POSITIVE = (0.03, 0.3, 0.9, 2.6)
INSIDE = (-0.9, -0.4, 0.05, 0.7)
"""Of the interval from -1 to 1."""

THEIRS = {
    "negate": (lambda u: -u, ANYWHERE),
    "abs": (abs, ANYWHERE),
    "sign": (mpmath.sign, ANYWHERE),
    "floor": (mpmath.floor, ANYWHERE),
    "ceil": (mpmath.ceil, ANYWHERE),
    "sqrt": (mpmath.sqrt, POSITIVE),
    "cbrt": (lambda u: mpmath.sign(u) * mpmath.cbrt(abs(u)), ANYWHERE),
    "log": (mpmath.log, POSITIVE),
    "log1p": (mpmath.log1p, (-0.9, *POSITIVE)),
    "log2": (lambda u: mpmath.log(u, 2), POSITIVE),
    "log10": (mpmath.log10, POSITIVE),
    "asin": (mpmath.asin, INSIDE),
    "acos": (mpmath.acos, INSIDE),
    "atanh": (mpmath.atanh, INSIDE),
    "acosh": (mpmath.acosh, (1.1, 2.6)),
    U_LOG_U: (lambda u: u * mpmath.log(u), POSITIVE),
    EXP_MINUS_INVERSE: (lambda u: mpmath.exp(-1 / u), POSITIVE),
} | {
    name: (getattr(mpmath, name), ANYWHERE)
    for name in (*("exp", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh"),
                 *("asinh", "erf"))
}  # fmt: skip


def test_every_function_is_compared():
    assert THEIRS.keys() == ELEMENTARY_FUNCTIONS.keys()


@pytest.mark.parametrize("name", ELEMENTARY_FUNCTIONS)
def test_at_a_point_the_series_is_that_of_mpmath(name):
    theirs, points = THEIRS[name]
    for point in points:
        with mpmath.workdps(40):
            expected = mpmath.taylor(theirs, mpmath.mpf(point), 2)
        found = ELEMENTARY_FUNCTIONS[name](arb(point))
        for ours, coefficient in zip(found, expected, strict=True):
            assert float(ours.mid()) == pytest.approx(float(coefficient), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("radius", [1e-3, 0.2])
@pytest.mark.parametrize("name", ELEMENTARY_FUNCTIONS)
def test_on_a_ball_the_series_holds_that_of_every_point(name, radius):
    theirs, points = THEIRS[name]
    for middle in points:
        found = ELEMENTARY_FUNCTIONS[name](arb(middle, radius))
        for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
            point = middle + share * radius
            if not min(points) <= point <= max(points) or point == 0.0:
                continue
            with mpmath.workdps(40):
                expected = mpmath.taylor(theirs, mpmath.mpf(point), 2)
            for ours, coefficient in zip(found, expected, strict=True):
                if ours.is_finite():
                    low, high = (float(end) for end in (ours.lower(), ours.upper()))
                    room = 1e-12 * (1.0 + abs(float(coefficient)))
                    assert low - room <= float(coefficient) <= high + room
