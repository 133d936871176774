"""The derivative of a tree is the function's derivative, and its text says the same."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad

from core.approximation.formula.formula import derivative_of, parse
from core.approximation.formula.function_calls import FUNCTIONS
from core.approximation.formula.symbols import ALIASES

# One formula for every function, and an interval on which it is smooth.
SMOOTH = {
    "x + 2*x - 3/x": (0.5, 3.0),
    "x^3 - 2*x^-1": (0.5, 3.0),
    "x^x + 2^x + x^0.5": (0.5, 3.0),
    "-x % 0.7 + x % 10": (0.1, 0.6),
    "abs(x)*sign(x) + floor(x) + ceil(x)": (0.1, 0.9),
    "min(x, x^2) + max(x, 2)": (0.1, 0.9),
    "sqrt(x) + cbrt(x)": (0.5, 3.0),
    "exp(x) + expm1(x^2) + exp2(x)": (-1.0, 1.0),
    "log(x) + ln(x) + log1p(x) + log2(x) + log10(x)": (0.5, 3.0),
    "sin(x) + cos(2*x) + tan(x)": (-1.0, 1.0),
    "asin(x) + acos(x) + atan(x) + arcsin(x) + arccos(x) + arctan(x)": (-0.9, 0.9),
    "sinh(x) + cosh(x) + tanh(x)": (-2.0, 2.0),
    "asinh(x) + acosh(1 + x) + arcsinh(x) + arccosh(1 + x)": (0.5, 3.0),
    "atanh(x) + arctanh(x)": (-0.9, 0.9),
    "erf(x) + gelu(x) + sigmoid(x) + softplus(x) + relu(x)": (0.1, 2.0),
    "where(x < 0, x^2, sin(x))": (0.1, 1.0),
    "sec(x) + csc(x) + cot(x) + hypot(x, 2) + square(x)": (0.5, 1.2),
    "pow(x, 3) + mod(x, 5) + clip(x, 0, 9)": (0.5, 3.0),
}


def test_every_function_is_differentiated_below():
    written = " ".join(SMOOTH)
    assert not [name for name in (*FUNCTIONS, *ALIASES) if f"{name}(" not in written]


@pytest.mark.parametrize("text", SMOOTH)
def test_the_symbolic_derivative_is_the_limit_of_difference_quotients(text):
    function, slope, curvature = (
        parse(text),
        derivative_of(parse(text)),
        derivative_of(derivative_of(parse(text))),
    )
    x = np.linspace(*SMOOTH[text], 41)
    # Central differences are off by h²/6 f‴ and by rounding/h: 1e-9 at h = 1e-4 and fourth order.
    h = 1e-3
    for lower, upper in ((function, slope), (slope, curvature)):
        quotient = (8 * (lower(x + h) - lower(x - h)) - (lower(x + 2 * h) - lower(x - 2 * h))) / (
            12 * h
        )
        assert upper(x) == pytest.approx(quotient, rel=1e-7, abs=1e-8)


def test_it_is_the_derivative_that_autograd_finds():
    x = np.linspace(-2.0, 2.0, 101)

    def same(u):
        return anp.exp(-(u**2)) * anp.sin(3 * u) / (1 + u**2)

    slope = derivative_of(parse("exp(-x^2)*sin(3*x)/(1 + x^2)"))
    assert slope(x) == pytest.approx(elementwise_grad(same)(x), abs=1e-13)
    assert derivative_of(slope)(x) == pytest.approx(
        elementwise_grad(elementwise_grad(same))(x), abs=1e-12
    )


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("x^2", "2 * x"),
        ("sin(x)", "cos(x)"),
        ("3*x + 1", "3"),
        ("7", "0"),
        ("exp(-x^2)", "exp(-x**2) * -(2 * x)"),
        ("cos(2*x)", "-sin(2 * x) * 2"),
        ("abs(x)", "sign(x)"),
        ("where(x < 1, x, x^2)", "where(x < 1, 1, 0) + where(x < 1, 0, 1) * (2 * x)"),
    ],
)
def test_simple_derivatives_read_as_one_writes_them(text, slope):
    assert derivative_of(parse(text)).text == slope


@pytest.mark.parametrize("text", SMOOTH)
def test_what_is_written_reads_back_as_the_same_function(text):
    x = np.linspace(*SMOOTH[text], 41)
    for function in (
        parse(text),
        derivative_of(parse(text)),
        derivative_of(derivative_of(parse(text))),
    ):
        again = derivative_of(parse(text)) if function.text is None else parse(function.text, 10**5)
        assert function.text is not None
        assert np.array_equal(again(x), function(x), equal_nan=True)


def test_derivatives_share_their_parts_so_that_only_their_text_grows():
    function = parse("sin(x)*exp(x)*tanh(x)/(1 + x^2)")
    third = derivative_of(derivative_of(derivative_of(function)))
    assert third.text is None or len(third.text) > 20 * len(function.text)
    assert len(third.instructions) < 150
