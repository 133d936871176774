"""Give a tolerance, get the size of a fixed grid."""

import pytest

from core.approximation.adaptive_grids import ADAPTIVE
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.formula.formula import parse
from core.approximation.grids import GRIDS
from core.approximation.minimal.fewest_points import fewest_points
from core.approximation.relu.interpolation import interpolate_function
from core.errors import InvalidGrid, OutOfDomain, UnknownName


def _anything(n):
    """Afford it."""


@pytest.mark.parametrize("segments", [1, 2, 7, 30])
def test_the_parabola_needs_the_segments_of_the_formula(segments):
    # x² is h²/4 off its chords, so a tolerance just above h²/4 needs h = 1/segments.
    tolerance = (1.0 + 1e-9) / (4.0 * segments**2)
    found = fewest_points(parse("x^2"), (0.0, 1.0), "equidistant", tolerance, _anything)
    assert len(found.grid) == segments + 1


@pytest.mark.parametrize("name", [*GRIDS, *ADAPTIVE])
def test_it_is_enough_and_one_point_fewer_is_not(name):
    function, interval, tolerance = parse("exp(x)"), (0.0, 3.0), 1e-2
    found = fewest_points(function, interval, name, tolerance, _anything)
    assert sampled_error(function, found, found.grid).max_error <= tolerance
    n = len(found.grid) - 1
    grid = GRIDS[name](*interval, n) if name in GRIDS else ADAPTIVE[name](function, *interval, n)
    fewer = interpolate_function(function, grid)
    assert sampled_error(function, fewer, grid).max_error > tolerance


def test_what_cannot_be_reached_is_refused():
    def afford(n):
        if n > 64:
            raise InvalidGrid(f"{n} points", ("tolerance",))

    with pytest.raises(InvalidGrid, match="128 points"):
        fewest_points(parse("sin(x)"), (0.0, 9.0), "equidistant", 1e-9, afford)
    with pytest.raises(OutOfDomain, match="lost in rounding"):
        fewest_points(parse("1 + x^2"), (0.0, 1e-3), "equidistant", 1e-18, _anything)
    with pytest.raises(OutOfDomain, match="not above 0"):
        fewest_points(parse("x"), (0.0, 1.0), "equidistant", 0.0, afford)
    with pytest.raises(UnknownName, match="no grid 'minimal'"):
        fewest_points(parse("x"), (0.0, 1.0), "minimal", 1.0, afford)
