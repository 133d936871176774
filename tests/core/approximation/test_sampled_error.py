"""The measured error obeys the theorem |f - NN| ≤ h²/8 max|f″|, and nearly reaches the bound."""

import os
import subprocess
import sys

import numpy as np
import pytest

from core.approximation.error_bounds.sampled_error import measured, sampled_error
from core.approximation.formula.formula import parse
from core.approximation.grids import GRIDS, equidistant
from core.approximation.relu.interpolation import interpolate_function
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.errors import NotFinite


def _error(text, a, b, n):
    grid = equidistant(a, b, n)
    function = parse(text)
    return sampled_error(function, interpolate_function(function, grid), grid)


@pytest.mark.parametrize("n", [9, 33, 129, 1025])
@pytest.mark.parametrize(
    ("text", "a", "b", "largest_second_derivative"),
    [
        ("sin(x)", 0.0, 3.0, 1.0),
        ("exp(x)", -1.0, 1.0, np.e),
        ("1/(1 + 25*x^2)", -1.0, 1.0, 50.0),
        ("log(x)", 1.0, 2.0, 1.0),
    ],
)
def test_the_interpolation_error_obeys_the_theorem(text, a, b, n, largest_second_derivative):
    bound = ((b - a) / (n - 1)) ** 2 / 8 * largest_second_derivative
    error = _error(text, a, b, n).max_error
    assert error <= bound * (1 + 1e-9) + 1e-15
    assert error >= bound * (1 - 12.0 / n)


@pytest.mark.parametrize("n", [2, 3, 10, 1000, 20_000])
def test_the_parabola_has_error_h_squared_over_4(n):
    # On a chord of length h, x² is off by h²/4 in the middle; ∫ ((h/2)² - t²)² dt / h = h⁴/30.
    h = 1.0 / (n - 1)
    error = _error("x^2", 0.0, 1.0, n)
    assert error.max_error == pytest.approx(h**2 / 4, rel=1e-6, abs=1e-16)
    assert error.rms_error == pytest.approx(h**2 / np.sqrt(30), rel=1e-6, abs=1e-16)
    middles = (np.arange(n - 1) + 0.5) * h
    assert np.abs(middles - error.max_error_at).min() < 0.01 * h


def test_a_narrow_spike_between_two_far_points_is_found():
    # On [0, 1] with two points the chord is 0; the spike of height 1 is 4 % wide.
    error = _error("exp(-((x - 0.3141)/0.01)^2)", 0.0, 1.0, 2)
    assert error.max_error == pytest.approx(1.0, abs=1e-9)
    assert error.max_error_at == pytest.approx(0.3141, abs=1e-5)


def test_the_largest_error_at_a_kink_is_that_at_the_kink():
    # |x - 1/3| on {0, 1/2, 1}: at 1/3 the chord from (0, 1/3) to (1/2, 1/6) is 2/9 above 0.
    error = _error("abs(x - 1/3)", 0.0, 1.0, 3)
    assert error.max_error == pytest.approx(2.0 / 9.0, abs=1e-8)
    assert error.max_error_at == pytest.approx(1.0 / 3.0, abs=1e-8)


def test_errors_whose_squares_leave_the_floats_still_have_a_root_mean_square():
    error = _error("1e200*x^2", 0.0, 1.0, 2)
    assert error.rms_error == pytest.approx(1e200 / np.sqrt(30))
    tiny = _error("1e-200*x^2", 0.0, 1.0, 2)
    assert tiny.rms_error == pytest.approx(1e-200 / np.sqrt(30))


def test_a_pole_between_the_points_is_refused():
    with pytest.raises(NotFinite, match=r"f\(x\) = nan at x = 0\.2"):
        _error("sqrt((x - 0.2)*(x - 0.3))", 0.0, 1.0, 2)


def test_the_error_at_samples_is_taken_at_the_samples():
    x = np.array([0.0, 1.0, 2.0, 3.0])
    error = measured(x, np.array([1.0, 1.0, 2.0, 1.0]))
    assert (error.max_error, error.max_error_at) == (2.0, 2.0)
    assert error.rms_error == pytest.approx(np.sqrt(7.0 / 4.0))


@pytest.mark.parametrize("name", sorted(GRIDS))
def test_no_error_of_a_dense_sample_is_larger_than_the_one_found(name):
    function, grid = parse("sin(20*x)*exp(-x) + sqrt(x)"), GRIDS[name](0.0, 2.0, 57)
    network = interpolate_function(function, grid)
    x = np.linspace(0.0, 2.0, 2_000_001)
    dense = np.abs(network(x) - function(x))
    found = sampled_error(function, network, grid)
    assert dense.max() <= found.max_error * (1 + 1e-9)
    assert found.rms_error == pytest.approx(np.sqrt(np.mean(dense**2)), rel=1e-3)


# Two bells of width 5e-5, the higher one on the right; every panel is 2.5e-4 wide.
BELLS = "exp(-((x-0.250125)/0.00005)^2)+1.5*exp(-((x-0.625158654)/0.00005)^2)"
MEASURE = f"""
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.relu.interpolation import interpolate_function
f, grid = parse({BELLS!r}), equidistant(0.0, 1.0, 2)
print(sampled_error(f, interpolate_function(f, grid), grid).max_error)
"""


@pytest.mark.parametrize("without", ["", "AVX2 FMA3 X86_V3 X86_V4"])
def test_the_highest_of_two_peaks_is_found_on_every_processor(without):
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": without}
    command = [sys.executable, "-W", "ignore", "-c", MEASURE]
    printed = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert float(printed.stdout) == pytest.approx(1.5, rel=1e-9)


def test_a_peak_between_larger_samples_is_found_among_the_candidates():
    # Fifteen plateaus of height 1 and one needle of which only the foot, 0.9, meets a sample.
    nodes = 0.5 + 0.5 * np.polynomial.legendre.leggauss(5)[0]
    panel, needle = 1.0 / 4000.0, (3500 + 0.5 * (nodes[1] + nodes[2])) / 4000.0
    width = 0.5 * (nodes[2] - nodes[1]) * panel / np.sqrt(np.log(2.0 / 0.9))
    plateaus = "+".join(
        f"where(x >= {k * panel!r} and x < {(k + 1) * panel!r}, 1, 0)"
        for k in range(100, 3100, 200)
    )
    f = parse(f"{plateaus} + 2*exp(-((x - {float(needle)!r})/{float(width)!r})^2)")
    zero = PiecewiseLinear(*(np.array(u) for u in ([0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0])))
    assert sampled_error(f, zero, np.array([0.0, 1.0])).max_error == pytest.approx(2.0, rel=1e-6)
