"""The table of cells finds the same segment as bisection, however the breakpoints lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.approximation.relu.piecewise_linear import PiecewiseLinear

wild = st.one_of(
    st.floats(-1e3, 1e3),
    st.floats(-1e-3, 1e-3),
    st.floats(1e6, 1e6 + 1e-6),
    st.floats(-1e300, 1e300),
    st.floats(-1e-320, 1e-320),
)


def _numbered(breakpoints):
    """Segments whose value is their number: the test sees which one was found."""
    m = len(breakpoints)
    return PiecewiseLinear(breakpoints, np.zeros(m + 1), np.arange(m + 1.0), np.zeros(m + 1))


@given(
    breakpoints=st.lists(wild, min_size=1, max_size=80, unique=True),
    x=st.lists(wild, min_size=1, max_size=80),
)
def test_every_point_lies_between_the_breakpoints_of_its_segment(breakpoints, x):
    breakpoints = np.unique(np.array(breakpoints))
    beside = np.concatenate(
        [breakpoints, np.nextafter(breakpoints, -np.inf), np.nextafter(breakpoints, np.inf), x]
    )
    found = _numbered(breakpoints)(beside)
    assert np.array_equal(found, np.searchsorted(breakpoints, beside, side="right"))


@pytest.mark.parametrize("m", [1, 2, 1000, 40_000])
def test_crowded_cells_are_searched_through(m):
    # Half of the breakpoints crowd into a millionth of the length, the others double in distance.
    breakpoints = np.unique(
        np.concatenate([np.linspace(1.0, 1.0 + 1e-6, m), np.geomspace(2, 3e9, m)])
    )
    x = np.random.default_rng(m).choice(breakpoints, 50_000) * (1.0 + 1e-9)
    found = _numbered(breakpoints)(x)
    assert np.array_equal(found, np.searchsorted(breakpoints, x, side="right"))


def test_the_order_of_the_axes_in_memory_does_not_matter():
    x = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert np.array_equal(_numbered(np.array([1.5, 3.5]))(x), [[0.0, 0.0, 1.0], [1.0, 2.0, 2.0]])


def test_beyond_the_floats_the_value_is_infinite_and_at_nan_it_is_nan():
    line = PiecewiseLinear(np.zeros(1), np.zeros(2), np.zeros(2), np.full(2, 10.0))
    assert np.array_equal(
        line(np.array([-1e308, 1e308, np.nan])), [-np.inf, np.inf, np.nan], equal_nan=True
    )
