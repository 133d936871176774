"""Piecewise linear interpolation of a smooth function converges with order 2."""

import pytest

from core.approximation.convergence import convergence
from core.approximation.expression import parse
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
    with pytest.raises(UnknownName, match="'triangular'; there are equidistant, chebyshev"):
        convergence(parse("x"), (0.0, 1.0), [2], ["triangular"])
