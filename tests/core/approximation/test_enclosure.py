"""A ball around f, f′ and f″/2 contains them at every point of the interval, without exception."""

import numpy as np
import pytest
from flint import arb
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.ball_arithmetic.elementary_functions import ELEMENTARY_FUNCTIONS
from core.approximation.ball_arithmetic.enclosure import enclose
from core.approximation.ball_arithmetic.operators import OPERATORS
from core.approximation.formula.formula import derivative_of, parse
from core.approximation.formula.function_calls import FUNCTIONS
from core.approximation.formula.symbols import CONDITIONS, SYMBOLS

FORMULAS = [
    "x + 2*x - 3/x",
    "x^3 - 2*x^-1 + x^2 - x^-2",
    "x^x + 2^x + x^0.5 + x^(1/3) + x^1.5 + x^2.5",
    "x % 0.7",
    "abs(x) + sign(x - 0.3) + floor(3*x) + ceil(2*x)",
    "min(x, x^2) + max(x, sin(3*x))",
    "sqrt(x) + cbrt(x) + sqrt(1 - x^2)",
    "exp(x) + expm1(x^2)",
    "log(x) + log1p(x) + log2(x) + log10(x)",
    "sin(x) + cos(2*x) + tan(x)",
    "asin(x) + acos(x) + atan(x)",
    "sinh(x) + cosh(x) + tanh(9*x)",
    "asinh(x) + acosh(1 + x)",
    "atanh(x)",
    "erf(x)",
    "where(x < 0.2 or not x <= 1, x^2, sin(x))",
    "where(x >= 0.2 and x != 0.5, x^2, where(x == 2, x, -x))",
]


def test_every_symbol_has_its_series_and_is_tried_below():
    assert {*ELEMENTARY_FUNCTIONS, *OPERATORS, *CONDITIONS, "where"} == set(SYMBOLS)
    written = " ".join(FORMULAS)
    assert not [name for name in FUNCTIONS if f"{name}(" not in written]


@given(
    text=st.sampled_from(FORMULAS),
    middle=st.floats(-3.0, 3.0),
    radius=st.sampled_from([0.0, 1e-9, 1e-4, 0.01, 0.1, 0.5, 2.0]),
    shares=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=8),
)
def test_the_balls_contain_the_function_and_its_derivatives(text, middle, radius, shares):
    function = parse(text)
    x = np.clip(middle + radius * np.array(shares), middle - radius, middle + radius)
    jet = enclose(function, arb(middle, radius)).jet
    slope = derivative_of(function)
    for ball, values in (
        (jet.value, function(x)),
        (jet.slope, slope(x)),
        (jet.second, 0.5 * derivative_of(slope)(x)),
    ):
        if ball.is_finite():
            known = values[np.isfinite(values)]  # floats overflow where balls do not
            rounding = 1e-9 * (1.0 + np.abs(known))
            assert (known >= float(ball.lower()) - rounding).all()
            assert (known <= float(ball.upper()) + rounding).all()


@pytest.mark.parametrize("text", FORMULAS)
def test_where_the_function_is_smooth_small_balls_are_tight(text):
    # An enclosure that is always infinite would contain everything.
    function, x, radius = parse(text), 0.35, 1e-6
    jet = enclose(function, arb(x, radius)).jet
    slope = derivative_of(function)
    for ball, exact in (
        (jet.value, function),
        (jet.slope, slope),
        (jet.second, derivative_of(slope)),
    ):
        assert ball.is_finite()
        change = np.ptp(exact(np.array([x - radius, x, x + radius])))
        assert float(ball.rad()) <= 20.0 * change + 1e-4


@pytest.mark.parametrize(
    ("text", "middle", "radius", "defined"),
    [
        ("sqrt(x)", 0.5, 0.5, False),
        ("sqrt(x)", 0.5, 0.4, True),
        ("sqrt(1 - x^2)", 0.99, 0.01, False),
        ("asin(x) + acos(x)", 0.9, 0.2, False),
        ("acosh(x)", 1.1, 0.2, False),
        ("x^0.5", 0.1, 0.2, False),
        ("x^2", 0.0, 1.0, True),
        ("where(x > 0, 1, sqrt(x))", 2.0, 0.5, True),
        ("where(x > 0, 1, sqrt(x))", 0.0, 0.5, False),
    ],
)
def test_an_argument_that_may_leave_the_domain_leaves_a_doubt(text, middle, radius, defined):
    enclosure = enclose(parse(text), arb(middle, radius))
    assert enclosure.jet.value.is_finite()
    assert bool(enclosure.doubts) != defined


@pytest.mark.parametrize("text", ["1/x", "log(x)", "tan(x + pi/2)", "x^-1", "sin(x)/x"])
def test_where_a_pole_cannot_be_excluded_the_ball_is_not_finite(text):
    assert not enclose(parse(text), arb(0.0, 0.1)).jet.value.is_finite()


def test_a_kink_in_a_constant_is_none_in_x():
    jet = enclose(parse("x^2 + abs(1 - 1) + sqrt(0) + floor(2)"), arb(0.5, 0.1)).jet
    assert jet.second.contains(1.0)
    assert jet.second.is_finite()
