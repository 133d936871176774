"""A curve of cubic pieces has its heights, its slopes, and these points of a given slope."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicHermiteSpline

from core.approximation.polyline.hermite_curve import HermiteCurve

HEIGHTS = st.floats(-3.0, 3.0).map(lambda number: round(number, 3))


@given(y=st.tuples(HEIGHTS, HEIGHTS), ends=st.tuples(HEIGHTS, HEIGHTS), slope=HEIGHTS)
def test_the_points_of_a_slope_are_all_there_are(y, ends, slope):
    x = np.array([1.0, 1.5])
    theirs = CubicHermiteSpline(x, y, ends)
    curve = HermiteCurve.hermite(x, np.array(y), np.array(ends))
    start, *points = curve.tangent_points(0, slope)
    assert start == (1.0, y[0])
    for at, height in points:
        assert 1.0 <= at <= 1.5
        assert height == pytest.approx(float(theirs(at)), abs=1e-9)
        assert float(theirs(at, 1)) == pytest.approx(slope, abs=1e-6)
    # Where the derivative less the slope changes its sign inside, there is a point.
    seen = np.sign(theirs(np.linspace(1.001, 1.499, 400), 1) - slope)
    assert len(points) >= np.count_nonzero(seen[1:] * seen[:-1] < 0.0)


@given(y=st.tuples(HEIGHTS, HEIGHTS), ends=st.tuples(HEIGHTS, HEIGHTS), share=st.floats(0.0, 1.0))
def test_heights_are_those_of_the_spline(y, ends, share):
    x = np.array([-2.0, -0.5])
    at = float(x[0] + share * 1.5)
    curve = HermiteCurve.hermite(x, np.array(y), np.array(ends))
    assert curve.height(0, at) == pytest.approx(float(CubicHermiteSpline(x, y, ends)(at)), abs=1e-9)
