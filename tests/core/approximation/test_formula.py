"""A formula means what Python's own arithmetic and `math` say it means."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.formula.formula import parse

MATH = {
    "sin": math.sin, "cos": math.cos, "atan": math.atan, "exp": math.exp, "tanh": math.tanh,
    "abs": abs, "floor": math.floor, "sqrt": math.sqrt, "log": math.log, "erf": math.erf,
    "min": min, "max": max, "where": lambda condition, yes, no: yes if condition else no,
    "pi": math.pi, "e": math.e,
}  # fmt: skip

leaves = st.one_of(
    st.sampled_from(["x", "pi", "e"]),
    st.floats(0, 1e3).map(lambda value: f"{value:.6g}"),
    st.integers(0, 99).map(str),
)


def _grown(smaller):
    pair = st.tuples(smaller, smaller)
    return st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/", "%"]), pair).map(
            lambda t: f"({t[1][0]} {t[0]} {t[1][1]})"
        ),
        st.tuples(smaller, st.sampled_from(["2", "3", "-1", "0.5"])).map(
            lambda t: f"({t[0]})**{t[1]}"
        ),
        smaller.map(lambda u: f"-{u}"),
        st.tuples(
            st.sampled_from(["sin", "cos", "atan", "exp", "tanh", "abs", "floor", "sqrt", "log"]),
            smaller,
        ).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), pair).map(
            lambda t: f"{t[0]}({', '.join(t[1])})"
        ),
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), pair, pair).map(
            lambda t: f"where({t[1][0]} {t[0]} {t[1][1]}, {t[2][0]}, {t[2][1]})"
        ),
    )


formulas = st.recursive(leaves, _grown, max_leaves=12)


@given(text=formulas, x=st.floats(-50, 50))
def test_a_formula_has_the_value_that_python_gives_it(text, x):
    try:
        expected = eval(text, {"__builtins__": {}}, {**MATH, "x": x})  # noqa: S307
    except (ArithmeticError, ValueError, TypeError):
        return  # Python refuses (or makes complex) what floating-point arithmetic calls inf or NaN
    if isinstance(expected, complex) or not math.isfinite(expected):
        return
    value = float(parse(text)(np.array(x)))
    # floor, %, comparisons and cancellation may amplify one unit of rounding: compare where they
    # do not, that is where a neighbouring x gives nearly the same.
    near = float(parse(text)(np.array(np.nextafter(x, np.inf))))
    if near == pytest.approx(expected, rel=1e-9, abs=1e-12):
        assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "at_two"),
    [
        ("x^2 + 1", 5.0),
        ("-x^2", -4.0),
        ("2^3^2", 512.0),
        ("2**-x", 0.25),
        ("+x - -x", 4.0),
        ("  x\t", 2.0),
        ("1e3 + .5 + 2.", 1002.5),
        ("where(0 < x <= 2 and not x == 1, 7, 8)", 7.0),
        ("where(x<1or x>3and not x>4, 7, 8)", 8.0),
        ("where(x < 0 or x > 1, 7, 8)", 7.0),
        ("max(1, x, 3, -x)", 3.0),
        ("clip(x, 0, 1) + relu(-x) + mod(x, 1.5)", 1.5),
        ("ln(e) + log2(8) + log10(1000)", 7.0),
        ("cbrt(-4*x) + hypot(3, x + 2)", 3.0),
        ("sigmoid(0*x) + tau/pi", 2.5),
        ("softplus(1000*x) / 1000", 2.0),
        ("gelu(100*x)", 200.0),
        ("arcsin(1)*2/pi + exp2(x) + square(x) + pow(x, 3)", 17.0),
    ],
)
def test_the_language_has_what_users_write(text, at_two):
    assert parse(text)(np.array([2.0])) == pytest.approx(at_two, rel=1e-14)


def test_constants_take_the_shape_of_x():
    x = np.zeros((3, 4))
    assert parse("pi")(x).shape == (3, 4)
    assert parse("pi")(x).dtype == np.float64


def test_the_order_of_the_axes_in_memory_does_not_matter():
    x = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    assert np.array_equal(parse("x^2")(x), x**2)


def test_many_points_are_worked_through_in_blocks_without_a_seam():
    x = np.linspace(-3.0, 3.0, 20_001)
    assert np.array_equal(parse("sin(x) * exp(-x)")(x), np.sin(x) * np.exp(-x))


def test_what_has_no_real_value_is_nan_and_a_pole_is_infinite():
    values = parse("sqrt(x) + 1/x")(np.array([-1.0, 0.0]))
    assert np.isnan(values[0])
    assert np.isposinf(values[1])
    assert np.isnan(parse("x^0.5")(np.array([-2.0]))).all()


def test_no_power_of_integers_is_ever_computed_exactly():
    assert np.isposinf(parse("9**9**9**9")(np.zeros(1))).all()


def test_equal_subexpressions_are_computed_once():
    assert len(parse("sin(x) + sin(x)*sin(x)").instructions) == 4  # x, sin, *, +


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("x² − 3·x", "x^2 - 3*x"),
        ("2×π ÷ τ", "2*pi/tau"),
        ("(x+1)¹⁰", "(x+1)^10"),
        ("sin(π*x)³", "sin(pi*x)^3"),
        ("−x²", "-(x^2)"),
        ("2^x²", "2^(x^2)"),
    ],
)
def test_signs_of_print_mean_what_they_stand_for(printed, written):
    x = np.linspace(-2.0, 2.0, 9)
    assert np.array_equal(parse(printed)(x), parse(written)(x))
