"""Knots where the function bends: equal errors, kinks that are knots, the farthest reach."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.adaptive_grids import ADAPTIVE, curvature, farthest, greedy
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.formula.analysis.kinks import kinks_of
from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.relu.interpolation import interpolate_function
from core.errors import InvalidGrid


def _errors(text, grid):
    function = parse(text)
    network = interpolate_function(function, grid)
    pieces = (np.linspace(*ends, 201) for ends in pairwise(grid))
    return np.array([np.abs(network(x) - function(x)).max() for x in pieces])


@pytest.mark.parametrize("build", ADAPTIVE.values())
@pytest.mark.parametrize(
    ("text", "a", "b"), [("exp(x)", 0.0, 5.0), ("log(x)", 0.01, 2.0), ("x^4", 0.5, 2.0)]
)
def test_the_error_is_nearly_the_same_on_every_segment(build, text, a, b):
    errors = _errors(text, build(parse(text), a, b, 33))
    assert errors.max() < 1.15 * errors[:-1].min()


@pytest.mark.parametrize("name", sorted(ADAPTIVE))
@pytest.mark.parametrize(
    ("text", "a", "b", "times"),
    [("exp(x)", 0.0, 5.0, 6), ("sqrt(x)", 0.0, 1.0, 30), ("tanh(20*x)", -1.0, 1.0, 35)],
)
def test_they_are_many_times_better_than_equidistant_points(name, text, a, b, times):
    function = parse(text)
    adapted, even = (
        sampled_error(function, interpolate_function(function, grid), grid).max_error
        for grid in (ADAPTIVE[name](function, a, b, 17), equidistant(a, b, 17))
    )
    assert even > times * adapted


@pytest.mark.parametrize(
    ("text", "kinks"),
    [
        ("abs(x - 1/3)", [1 / 3]),
        ("min(x, 1 - x) + max(x^2, 0.25)", [0.5]),
        ("where(x < 0.2, 0, where(x >= 0.7, 2*x - 0.9, x - 0.2))", [0.2, 0.7]),
        ("abs(sin(5*x))", [np.pi / 5]),
        ("x^2", []),
    ],
)
def test_kinks_are_found_to_the_last_digit_and_become_knots(text, kinks):
    function = parse(text)
    found = kinks_of(function, np.linspace(0.0, 1.0, 101))
    assert found == pytest.approx(kinks, abs=1e-15)
    grid = curvature(function, 0.0, 1.0, 9)
    assert len(grid) == 9
    assert set(found) <= set(grid)


def test_a_polyline_is_met_exactly_when_its_kinks_are_knots():
    assert (
        _errors(
            "abs(x - 1/3) + max(x, 0.8)",
            curvature(parse("abs(x - 1/3) + max(x, 0.8)"), 0.0, 1.0, 4),
        ).max()
        < 1e-15
    )


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 2.0]))
def test_every_chord_is_good_and_no_longer_one_is(seed, tolerance):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.uniform(0.1, 1.0, 60))
    y = np.cumsum(generator.standard_normal(60))
    knots = farthest(x, y, tolerance)

    def off(i, j):
        return np.abs(np.interp(x[i : j + 1], x[[i, j]], y[[i, j]]) - y[i : j + 1]).max()

    for i, j in pairwise(knots):
        assert off(i, j) <= tolerance + 1e-12
        assert all(off(i, later) > tolerance - 1e-12 for later in range(j + 1, 60))


@pytest.mark.parametrize("build", ADAPTIVE.values())
@pytest.mark.parametrize(("a", "b", "n"), [(0.0, 1.0, 1), (1.0, 0.0, 5)])
def test_an_interval_without_room_is_refused(build, a, b, n):
    with pytest.raises(InvalidGrid):
        build(parse("x^2"), a, b, n)


@pytest.mark.parametrize("build", ADAPTIVE.values())
def test_two_points_are_the_ends(build):
    assert build(parse("abs(x)"), -1.0, 2.0, 2).tolist() == [-1.0, 2.0]


def test_greedy_ends_for_values_whose_squares_are_no_floats():
    grid = greedy(parse("exp(x)"), 0.0, 700.0, 9)
    assert len(grid) <= 9


def test_the_search_ends_among_the_smallest_floats():
    points = greedy(parse("tanh(1e6*x)"), -1e-308, 0.0, 3)
    assert len(points) <= 3
    assert (points[0], points[-1]) == (-1e-308, 0.0)
