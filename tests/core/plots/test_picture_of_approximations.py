"""A function above, its ReLU network beside it, and the error below; errors against h²."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.approximation.convergence import Experiment
from core.approximation.convergence import convergence as experiments_with
from core.approximation.formula.formula import parse
from core.errors import OutOfDomain, ShapeMismatch
from core.plots import approximation, convergence, render


def sine(n=9, points=500):
    x, grid = np.linspace(0.0, 3.0, points), np.linspace(0.0, 3.0, n)
    knots = np.append(2.0 * grid[0] - grid[1], grid[:-1])
    return x, np.sin(x), np.interp(x, grid, np.sin(grid)), knots


def lines(axes):
    return {line.get_label(): line.get_xydata() for line in axes.lines}


def test_function_network_and_error_are_drawn_as_they_are():
    x, f, output, knots = sine()
    above, below = approximation(x, f, output, knots).axes
    np.testing.assert_array_equal(lines(above)["f"], np.column_stack([x, f]))
    np.testing.assert_array_equal(lines(above)["NN"], np.column_stack([x, output]))
    error = [d for d in lines(below).values() if len(d) == len(x)]
    np.testing.assert_array_equal(error, [np.column_stack([x, output - f])])


def test_the_knots_inside_the_interval_are_marked_and_the_one_outside_is_told():
    x, f, output, knots = sine(9)
    above = approximation(x, f, output, knots).axes[0]
    np.testing.assert_array_equal(lines(above)["8 knots and 1 outside"][:, 0], knots[1:])


def test_the_largest_error_is_marked_where_it_is():
    x, f, output, knots = sine()
    below = approximation(x, f, output, knots).axes[1]
    worst = np.abs(output - f).argmax()
    name = f"largest error {abs(output - f).max():.3g}"
    np.testing.assert_array_equal(lines(below)[name], [[x[worst], (output - f)[worst]]])


def test_the_largest_error_survives_the_thinning():
    x = np.linspace(0.0, 1.0, 200_001)
    f = np.zeros_like(x)
    output = np.where(np.arange(len(x)) == 77_777, 1.0, 0.0)
    above, below = approximation(x, f, output, np.array([0.0])).axes
    assert len(lines(above)["NN"]) <= 4_001
    assert lines(above)["NN"][:, 1].max() == 1.0
    np.testing.assert_array_equal(lines(below)["largest error 1"], [[x[77_777], 1.0]])


@pytest.mark.parametrize("value", [0.0, 1e-200, 1.0, -1e99])
@pytest.mark.parametrize("x", [[0.0, 1.0], [1e15, 1e15 + 1], [-1e99, 1e99], [2.0]])
def test_any_constant_can_be_drawn_without_a_warning(value, x):
    x, f = np.array(x), np.full(len(x), value)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        render(approximation(x, f, f, x), "png")
        render(approximation(x, f, f, x), "svg")


def test_ten_thousand_knots_can_be_drawn():
    figure = approximation(*sine(10_000, 20_000), "many")
    assert len(lines(figure.axes[0])["9999 knots and 1 outside"]) == 600
    render(figure, "png")


def test_values_for_each_point_are_required():
    x, f, output, knots = sine()
    with pytest.raises(ShapeMismatch, match="function has 499 values for 500 points"):
        approximation(x, f[1:], output, knots)
    with pytest.raises(ShapeMismatch, match="output has 499 values for 500 points"):
        approximation(x, f, output[1:], knots)


def test_values_beyond_the_arithmetic_of_drawing_are_refused():
    x, f, output, knots = sine()
    with pytest.raises(OutOfDomain, match="function reaches"):
        approximation(x, 1e120 * f, output, knots)


def experiments(n, max_errors, grid="equidistant", observed_order=None):
    return [
        Experiment(grid, size, 1.0 / size, error, error, observed_order)
        for size, error in zip(n, max_errors, strict=True)
    ]


def test_errors_and_orders_are_drawn_beside_the_slope_of_h_squared():
    n = np.array([5, 9, 17, 33])
    table = experiments_with(parse("sin(x)"), (0.0, 3.0), n.tolist(), ["equidistant", "chebyshev"])
    axes = convergence(table).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    drawn = lines(axes)
    for name, rows in (("equidistant", table[:4]), ("chebyshev", table[4:])):
        label = f"{name}, observed order {rows[-1].observed_order:.2f}"
        np.testing.assert_array_equal(drawn[label], [(row.n, row.max_error) for row in rows])
    slope = drawn["slope of h²"]
    lowest = min(row.max_error * (row.n - 1.0) ** 2 for row in table)
    np.testing.assert_allclose(slope[:, 1] * (n - 1.0) ** 2, 0.5 * lowest)
    assert all(slope[np.searchsorted(n, row.n), 1] < row.max_error for row in table)


def test_sizes_in_any_order_make_one_line_from_left_to_right():
    figure = convergence(experiments([9, 3, 5], [1.0, 9.0, 4.0]))
    np.testing.assert_array_equal(
        lines(figure.axes[0])["equidistant"], [[3, 9.0], [5, 4.0], [9, 1.0]]
    )


@pytest.mark.parametrize(
    ("n", "errors"),
    [
        ([2, 3], [0.0, 0.0]),
        ([2], [0.5]),
        ([2], [0.0]),
        ([2, 2], [0.5, 0.5]),
        ([2, 4, 8], [1e-3, 0.0, 1e-17]),
        ([2, 4, 8], [1e-3, 1e-3, 1e-3]),
        ([2, 3_000_000], [1e300, 1e-300]),
        (list(range(2, 60)), [1.0 / n for n in range(2, 60)]),
    ],
)
def test_any_errors_can_be_drawn_without_a_warning(n, errors):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        render(convergence(experiments(n, errors)), "png")
        render(convergence(experiments(n, errors)), "svg")


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(2, 10_000), min_size=1, max_size=40, unique=True))
def test_the_ticks_are_sizes_that_were_asked_for(sizes):
    ticks = convergence(experiments(sizes, [1.0 / n for n in sizes])).axes[0].get_xticks()
    assert len(ticks) <= 9
    assert set(ticks) <= set(sizes)
