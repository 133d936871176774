"""The sheet's Task 7: the triangular system, its solution in O(n), and what the network is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.interpolate import make_interp_spline

from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.relu.interpolation import (
    interpolate,
    interpolate_function,
    knots_of,
    lambdas_of,
    through_points,
)
from core.approximation.relu.triangular_system import residuals, triangular_matrix
from core.errors import InvalidGrid, NotFinite, ShapeMismatch

EPS = np.finfo(float).eps
gaps = arrays(float, st.integers(1, 60), elements=st.floats(1e-3, 1e3))
starts = st.floats(-1e3, 1e3)


def _case(start, gaps, seed):
    grid = start + np.concatenate([[0.0], np.cumsum(gaps)])
    return grid, np.random.default_rng(seed).uniform(-5.0, 5.0, len(grid))


# f(x) = x² on [0, 1], n = 3: h = 1/2, knots (-1/2, 0, 1/2), values (0, 1/4, 1).
#   h T λ = f:  λ_1/2 = 0            λ_1 = 0
#               λ_1 + λ_2/2 = 1/4    λ_2 = 1/2
#               3/2 λ_1 + λ_2 + λ_3/2 = 1    λ_3 = 1
def test_the_parabola_on_three_points_by_hand():
    network = interpolate_function(parse("x^2"), equidistant(0.0, 1.0, 3))
    assert network.knots.tolist() == [-0.5, 0.0, 0.5]
    assert network.lambdas.tolist() == [0.0, 0.5, 1.0]


def test_on_an_equidistant_grid_the_matrix_is_h_times_the_sheets_t():
    grid = equidistant(0.0, 1.0, 5)
    sheets_t = [[1, 0, 0, 0, 0], [2, 1, 0, 0, 0], [3, 2, 1, 0, 0], [4, 3, 2, 1, 0], [5, 4, 3, 2, 1]]
    assert np.array_equal(triangular_matrix(grid, knots_of(grid)), 0.25 * np.array(sheets_t))


@given(start=starts, gaps=gaps, seed=st.integers(0, 2**32 - 1))
def test_the_lambdas_solve_the_triangular_system(start, gaps, seed):
    grid, values = _case(start, gaps, seed)
    matrix = triangular_matrix(grid, knots_of(grid))
    lambdas = lambdas_of(grid, values)
    # The entries of the matrix carry the rounding of the grid, every product one of its own.
    rounding = 4.0 * len(grid) * EPS * (matrix @ np.abs(lambdas))
    assert (np.abs(matrix @ lambdas - values) <= rounding).all()
    solved = np.linalg.solve(matrix, values)
    # Elimination with row exchanges is stable in the norm: the condition number enters.
    allowed = 8.0 * len(grid) ** 2 * EPS * np.linalg.cond(matrix, np.inf) * np.abs(lambdas).max()
    assert np.abs(lambdas - solved).max() <= allowed


@given(start=starts, gaps=gaps, seed=st.integers(0, 2**32 - 1))
def test_the_residual_is_what_the_lambdas_miss_of_the_values(start, gaps, seed):
    grid, values = _case(start, gaps, seed)
    network = interpolate(grid, values)
    wrong = interpolate(grid, values + 1.0)
    off = replace(network, lambdas=wrong.lambdas)
    rounding = EPS * len(grid) * (triangular_matrix(grid, network.knots) @ np.abs(off.lambdas))
    assert (np.abs(residuals(off) - 1.0) <= rounding).all()


@given(start=starts, gaps=gaps, seed=st.integers(0, 2**32 - 1))
def test_the_network_passes_exactly_through_every_point(start, gaps, seed):
    grid, values = _case(start, gaps, seed)
    assert np.array_equal(interpolate(grid, values)(grid), values)


@given(start=starts, gaps=gaps, seed=st.integers(0, 2**32 - 1))
def test_between_the_points_it_is_numpys_and_scipys_interpolation(start, gaps, seed):
    grid, values = _case(start, gaps, seed)
    x = np.random.default_rng(seed).uniform(grid[0], grid[-1], 500)
    found = interpolate(grid, values)(x)
    assert found == pytest.approx(np.interp(x, grid, values), rel=1e-12, abs=1e-12)
    assert found == pytest.approx(make_interp_spline(grid, values, k=1)(x), rel=1e-9, abs=1e-9)


@given(start=starts, gaps=gaps, seed=st.integers(0, 2**32 - 1))
def test_everywhere_it_is_the_sum_of_its_relus(start, gaps, seed):
    grid, values = _case(start, gaps, seed)
    network = interpolate(grid, values)
    length = grid[-1] - grid[0]
    x = np.random.default_rng(seed).uniform(grid[0] - 2 * length, grid[-1] + 2 * length, 200)
    rectified = np.maximum(x[:, np.newaxis] - network.knots, 0.0)
    allowed = 4.0 * len(grid) * EPS * (rectified @ np.abs(network.lambdas) + np.abs(values).max())
    assert (np.abs(network(x) - rectified @ network.lambdas) <= allowed).all()
    assert (network(x[x <= network.knots[0]]) == 0.0).all()
    as_network = network.as_network().forward(x[:, np.newaxis]).output[:, 0]
    assert (np.abs(network(x) - as_network) <= allowed).all()


@pytest.mark.parametrize("a", [0.0, 1e6])
def test_a_million_points_are_met_to_twelve_digits(a):
    # h = 10^-3; the rounding of the λ beside the large λ_1 = f(a)/h must not add up.
    grid = equidistant(a, a + 1e3, 10**6)
    network = interpolate_function(parse("sin(x) + 2"), grid)
    assert np.array_equal(network(grid), network.values)
    assert np.abs(residuals(network)).max() <= 1e-12 * network.values.max()


def test_samples_may_lie_anywhere_as_long_as_they_increase():
    x, y = np.array([-1.0, 0.0, 4.0, 4.5]), np.array([2.0, 2.0, -2.0, 0.0])
    network = through_points(x, y)
    assert network.knots.tolist() == [-2.0, -1.0, 0.0, 4.0]
    assert network.lambdas.tolist() == [2.0, -2.0, -1.0, 5.0]


@pytest.mark.parametrize(
    ("x", "y", "error", "place", "sentence"),
    [
        ([0.0, 1.0], [1.0], ShapeMismatch, ("samples", "y"), "1 value for 2 points"),
        ([0.0, 1.0, 0.5], [1.0, 2.0, 3.0], InvalidGrid, ("samples", "x", 2), "point 3"),
        ([0.0, 1e-300, 1.0], [1e10, 1.0, 1.0], NotFinite, ("samples", "y", 0), "at x = 0.0"),
        ([0.0, 1.0, 2.0], [0.0, 1e308, -1e308], NotFinite, ("samples", "y", 1), "at x = 1.0"),
        ([-1.5e308, 1e307], [0.0, 0.0], InvalidGrid, ("samples", "x", 0), "beyond the largest"),
    ],
)
def test_samples_without_a_network_are_refused_at_their_index(x, y, error, place, sentence):
    with pytest.raises(error, match=sentence) as refused:
        through_points(np.array(x), np.array(y))
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1/x", "f(x) = inf at x = 0.0"),
        (
            "sqrt(x - 0.5)",
            "f(x) = nan at x = 0.0; no limit of f is known there: choose an interval without it",
        ),
    ],
)
def test_a_function_that_is_not_finite_is_refused_where_it_is_not(text, sentence):
    with pytest.raises(NotFinite) as refused:
        interpolate_function(parse(text), equidistant(0.0, 1.0, 5))
    assert refused.value.detail == sentence
    assert refused.value.place == ("function",)
