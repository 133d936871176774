"""Grids: where the points are, and what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.grids import GRIDS, chebyshev, equidistant, strictly_increasing
from core.errors import InvalidGrid


@given(
    a=st.floats(-1e6, 1e6), length=st.floats(1e-3, 1e6), n=st.integers(2, 300),
    name=st.sampled_from(sorted(GRIDS)),
)  # fmt: skip
def test_every_grid_increases_strictly_from_a_to_b(a, length, n, name):
    points = GRIDS[name](a, a + length, n)
    assert len(points) == n
    assert points[0] == a
    assert points[-1] == a + length
    assert (np.diff(points) > 0).all()


def test_equidistant_points_are_a_plus_i_h():
    assert equidistant(1.0, 2.0, 5).tolist() == [1.0, 1.25, 1.5, 1.75, 2.0]


def test_chebyshev_points_are_the_cosines():
    n = 33
    cosines = -np.cos(np.pi * np.arange(n) / (n - 1))
    assert chebyshev(-1.0, 1.0, n) == pytest.approx(cosines, abs=1e-15)


@pytest.mark.parametrize("build", GRIDS.values())
@pytest.mark.parametrize(
    ("a", "b", "n", "place", "sentence"),
    [
        (0.0, 1.0, 1, ("n",), "at least 2 points, got n = 1"),
        (1.0, 1.0, 5, ("interval",), "from 1.0 to 1.0"),
        (2.0, 1.0, 5, ("interval",), "from 2.0 to 1.0"),
        (-1.7e308, 1.7e308, 5, ("interval",), "no finite length"),
        (1.0, 1.0 + 1e-15, 100, ("n",), "100 points are too many"),
    ],
)
def test_an_interval_without_room_is_refused(build, a, b, n, place, sentence):
    with pytest.raises(InvalidGrid, match=sentence) as refused:
        build(a, b, n)
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("points", "place", "sentence"),
    [
        ([0.0], ("grid",), "at least 2 points, got 1"),
        ([0.0, 1.0, 1.0, 2.0], ("grid", 2), "point 3 of the grid is 1.0, not above point 2, 1.0"),
        ([0.0, -1.0], ("grid", 1), "point 2"),
        ([-1.7e308, 1.7e308], ("grid",), "not finite"),
        ([0.0, np.inf], ("grid",), "not finite"),
        ([0.0, np.nan, 1.0], ("grid",), "not finite"),
    ],
)
def test_given_points_that_do_not_increase_are_refused_at_their_index(points, place, sentence):
    with pytest.raises(InvalidGrid, match=sentence) as refused:
        strictly_increasing(np.array(points))
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("a", "b", "n"), [(-0.3, 0.1, 5), (-0.1, 0.3, 5), (-0.7, 0.7, 15), (-3.3, 1.1, 13)]
)
def test_a_point_that_is_zero_but_for_rounding_is_zero(a, b, n):
    grid = equidistant(a, b, n)
    assert np.count_nonzero(grid == 0.0) == 1
    assert np.abs(grid[grid != 0.0]).min() > 1e-3


def test_a_small_point_is_no_rounding():
    grid = equidistant(-1.0, 1.0 + 4e-12, 3)
    assert grid[1] == pytest.approx(2e-12, rel=1e-3)
    assert (equidistant(0.0, 1e-300, 3) == [0.0, 5e-301, 1e-300]).all()
