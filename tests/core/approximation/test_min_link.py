"""No polyline through the gates has fewer links: against brute force, theory and the witnesses."""

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.polyline import Gate, Line, Polyline, Window, vertices


def _solved(x, lower, upper):
    return min_link_polyline(x.tolist(), lower.tolist(), upper.tolist())


def _feasible(x, lower, upper, ends, orders):
    """Is there a line per group of gates, so that neighbouring lines cross between the groups?

    The unknowns are intercept and slope of every line; `orders` says which line is above before the
    crossing: +1 the left one, -1 the right one, 0 that a free link joins them wherever they are.
    """
    groups = list(pairwise([0, *ends, len(x)]))
    rows, limits = [], []

    def row(coefficients, limit):
        line = np.zeros(2 * len(groups))
        for g, i, sign in coefficients:
            line[2 * g] += sign
            line[2 * g + 1] += sign * x[i]
        rows.append(line)
        limits.append(limit)

    for g, (first, last) in enumerate(groups):
        for i in range(first, last):
            row([(g, i, 1)], upper[i])
            row([(g, i, -1)], -lower[i])
    for g, order in enumerate(orders):
        if order:
            row([(g, groups[g][1] - 1, -order), (g + 1, groups[g][1] - 1, order)], 0.0)
            row([(g, groups[g + 1][0], order), (g + 1, groups[g + 1][0], -order)], 0.0)
    found = linprog(np.zeros(2 * len(groups)), rows, limits, bounds=(None, None))
    return found.status == 0


def _fewest_by_brute_force(x, lower, upper):
    for links in range(1, len(x) + 1):
        for groups in range(1, links + 1):
            for ends in product(range(1, len(x)), repeat=groups - 1):
                if any(right <= left for left, right in pairwise(ends)):
                    continue
                for orders in product((1, -1, 0), repeat=groups - 1):
                    if groups + orders.count(0) == links and _feasible(
                        x, lower, upper, ends, orders
                    ):
                        return links
    raise AssertionError


# No small multiple of a half is a small fraction: three gates that only one line can pass would be
# passed or not by the last bit, which the linear programs of brute force do not see.
@settings(max_examples=25, deadline=None)
@given(
    y=st.lists(st.integers(-6, 6), min_size=2, max_size=7),
    gaps=st.lists(st.integers(1, 4), min_size=7, max_size=7),
    half=st.sampled_from([0.2543, 0.6127, 1.1389, 2.3071]),
)
def test_brute_force_finds_no_polyline_with_fewer_links(y, gaps, half):
    x = np.cumsum(gaps[: len(y)]).astype(float)
    lower, upper = np.array(y) - half, np.array(y) + half
    assert len(_solved(x, lower, upper).lines) == _fewest_by_brute_force(x, lower, upper)


gate_seeds = st.tuples(
    st.integers(2, 200), st.integers(0, 2**32 - 1), st.sampled_from([0.01, 0.3, 1.0, 3.0])
)


def _gates(size, seed, half):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.uniform(0.01, 2.0, size))
    middle = np.cumsum(generator.standard_normal(size))
    widths = half * generator.uniform(0.1, 1.0, (2, size))
    return x, middle - widths[0], middle + widths[1]


@given(gate_seeds)
def test_the_polyline_passes_every_gate_and_has_one_vertex_per_change(case):
    x, lower, upper = _gates(*case)
    polyline = _solved(x, lower, upper)
    at, heights = vertices(polyline, x[0], x[-1])
    assert len(at) == len(polyline.lines) + 1
    assert (np.diff(at) > 0).all()
    height = np.interp(x, at, heights)
    allowed = 1e-9 * (1.0 + np.abs(heights).max())
    assert (height >= lower - allowed).all()
    assert (height <= upper + allowed).all()


@given(gate_seeds)
def test_the_windows_alone_force_every_link(case):
    x, lower, upper = _gates(*case)
    polyline = _solved(x, lower, upper)
    forced = {at for w in polyline.windows for at in (w.left, w.right.x, w.exit.x)}
    witnesses = [i for i, at in enumerate(x) if at in forced or i in (0, len(x) - 1)]
    again = _solved(x[witnesses], lower[witnesses], upper[witnesses])
    assert len(again.lines) == len(polyline.lines)


@given(gate_seeds)
def test_a_limit_on_the_links_is_reached_or_refused(case):
    x, lower, upper = (values.tolist() for values in _gates(*case))
    least = len(min_link_polyline(x, lower, upper).lines)
    assert min_link_polyline(x, lower, upper, at_most=least) is not None
    assert least == 1 or min_link_polyline(x, lower, upper, at_most=least - 1) is None


@pytest.mark.parametrize("links", [1, 2, 7, 12])
def test_the_parabola_needs_links_of_length_four_root_epsilon_over_two(links):
    # A chord of x² over a length h is h²/4 off; shifted to the middle it is off by h²/8 both ways.
    # The best links touch the parabola's tunnel at their ends and middles: these are gates.
    x = np.linspace(0.0, 1.0, 2 * links * 200 + 1)
    epsilon = 1.0 / (8.0 * links**2)
    for factor, expected in ((1.0 + 1e-3, links), (1.0 - 1e-3, links + 1)):
        half = factor * epsilon
        assert len(_solved(x, x**2 - half, x**2 + half).lines) == expected


@given(
    seed=st.integers(0, 2**32 - 1), size=st.integers(2, 100), half=st.sampled_from([0.1, 1.0, 9.0])
)
def test_monotone_and_convex_data_stay_so(seed, size, half):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.uniform(0.1, 1.0, size))
    rises = np.cumsum(generator.exponential(size=size) * generator.integers(0, 2, size))
    convex = np.concatenate([[0.0], np.cumsum((rises[1:] - rises[-1] / 2) * np.diff(x))])
    for y in (rises, -rises):
        _, heights = vertices(_solved(x, y - half, y + half), x[0], x[-1])
        assert (np.diff(heights) * np.sign(y[-1] or 1.0) >= -1e-9 * (1 + np.abs(y).max())).all()
    for sign in (1.0, -1.0):
        y = sign * convex
        at, heights = vertices(_solved(x, y - half, y + half), x[0], x[-1])
        slopes = np.diff(heights) / np.diff(at)
        assert (np.diff(slopes) * sign >= -1e-9 * (1 + np.abs(slopes).max())).all()


def test_a_million_gates_take_seconds_because_the_work_is_linear():
    visits = []
    for size in (4_000, 8_000):
        x = _Counting(np.linspace(0.0, 10.0, size))
        y = np.sin(x.values)
        min_link_polyline(x, (y - 1e-3).tolist(), (y + 1e-3).tolist())
        visits.append(x.reads)
    assert visits[1] < 2.1 * visits[0]
    assert visits[1] < 30 * 8_000


class _Counting(Sequence):
    """A list that counts how often it was read."""

    def __init__(self, values):
        self.values, self._list, self.reads = values, values.tolist(), 0

    def __len__(self):
        return len(self._list)

    def __getitem__(self, i):
        self.reads += 1
        return self._list[i]


def test_two_bends_at_one_x_are_one_vertex():
    lines = (Line(1.0, 0.0, 0.0), Line(1.0, 0.0, 1.0), Line(1.0, 0.0, 3.0))
    gates = Gate(0.0, -1.0, 1.0), Gate(2.0, -9.0, 9.0)
    windows = tuple(Window(line, 0.0, *gates, 2) for line in lines[:2])
    assert vertices(Polyline(lines, windows), 0.0, 2.0) == ([0.0, 1.0, 2.0], [0.0, 0.0, 3.0])
