"""Piecewise linear interpolation of a smooth function converges with order 2."""

import numpy as np
import pytest

from core.approximation.convergence import convergence
from core.approximation.formula.formula import parse
from core.approximation.polyline.target import FormulaTarget
from core.approximation.theory import theory_of
from core.errors import UnknownName

NS = [17, 33, 65, 129, 257]


@pytest.mark.parametrize(
    ("text", "grid", "order"),
    [
        ("exp(x)", "equidistant", 2.0),
        ("exp(x)", "chebyshev", 2.0),
        ("sqrt(x)", "equidistant", 0.5),
        ("sqrt(x)", "chebyshev", 1.0),
        ("x^1.5", "equidistant", 1.5),
    ],
)
def test_the_observed_order_is_that_of_theory(text, grid, order):
    rows = convergence(parse(text), (0.0, 1.0), NS, [grid])
    assert rows[0].observed_order is None
    assert [row.observed_order for row in rows[1:]] == pytest.approx([order] * 4, abs=0.05)


@pytest.mark.parametrize(
    ("grid", "line"), [("equidistant", 0), ("curvature", 1), ("greedy", 1), ("minimal", 2)]
)
def test_every_grid_follows_its_theoretical_line(grid, line):
    function, interval = parse("exp(x)"), (0.0, 5.0)
    theory = theory_of(FormulaTarget(function, interval))
    rows = convergence(function, interval, [9, 17, 33], [grid])
    for row in rows:
        assert row.max_error == pytest.approx(theory.at(row.n)[line], rel=2.5 / row.n)
    assert rows[-1].observed_order == pytest.approx(2.0, abs=0.2)


def test_the_theoretical_constants_are_the_integrals():
    # f = e^x on [0, 5]: ∫√f″ = 2 (e^2.5 - 1); f = √x: √|f″| = x^(-3/4)/2, ∫ = 2, f″ unbounded.
    exponential = theory_of(FormulaTarget(parse("exp(x)"), (0.0, 5.0)))
    assert exponential.equidistant == pytest.approx(25 / 8 * np.exp(5.0), rel=1e-12)
    assert exponential.free_knots == pytest.approx((2 * np.expm1(2.5)) ** 2 / 8, rel=1e-5)
    assert exponential.free_values == pytest.approx(0.5 * exponential.free_knots)
    root = theory_of(FormulaTarget(parse("sqrt(x)"), (0.0, 1.0)))
    assert root.equidistant is None
    assert root.free_knots == pytest.approx(4 / 8, rel=1e-3)


def test_there_is_one_row_per_grid_and_n_in_the_order_asked():
    rows = convergence(parse("x^2"), (0.0, 1.0), [3, 5], ["chebyshev", "equidistant"])
    assert [(row.grid, row.n) for row in rows] == [
        ("chebyshev", 3), ("chebyshev", 5), ("equidistant", 3), ("equidistant", 5),
    ]  # fmt: skip
    assert [row.spacing for row in rows[2:]] == [0.5, 0.25]
    # x² is off by h²/4; from n = 3 to n = 5 the spacing halves and the order is 2.
    assert [row.max_error for row in rows[2:]] == pytest.approx([1 / 16, 1 / 64])
    assert rows[3].observed_order == pytest.approx(2.0)


def test_an_error_of_rounding_has_no_order():
    rows = convergence(parse("3*x + 0.1"), (0.0, 1.0), [4, 8, 8], ["equidistant"])
    assert [row.observed_order for row in rows] == [None] * 3
    assert max(row.max_error for row in rows) < 1e-14


def test_an_unknown_grid_is_named_with_those_there_are():
    with pytest.raises(
        UnknownName,
        match="'triangular'; there are equidistant, chebyshev, curvature, greedy, minimal",
    ):
        convergence(parse("x"), (0.0, 1.0), [2], ["triangular"])
