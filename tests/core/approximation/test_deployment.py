"""The network in use: outside its interval, with short numbers, in C, with bounds of its units."""

import subprocess
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.minimal.smallest_network import smallest_within
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.c_header import c_header
from core.approximation.relu.compensated_terms import MAX_EXACT
from core.approximation.relu.extrapolation import relu_sum
from core.approximation.relu.interpolation import interpolate, interpolate_function
from core.approximation.relu.quantization import to_fixed_point, to_float32
from core.errors import InvalidFormula, InvalidGrid, OutOfDomain, UnknownName

seeds = st.integers(0, 2**32 - 1)


def _polyline(seed, n=20):
    generator = np.random.default_rng(seed)
    return np.cumsum(generator.uniform(0.1, 1.0, n)) - 3.0, generator.uniform(-2.0, 2.0, n)


@given(seed=seeds)
def test_outside_it_stays_or_goes_on_straight_and_inside_it_is_the_polyline(seed):
    grid, values = _polyline(seed)
    inside = np.linspace(grid[0], grid[-1], 300)
    left, right = grid[0] - np.linspace(0, 5, 50), grid[-1] + np.linspace(0, 5, 50)
    slopes = np.diff(values) / np.diff(grid)
    clamped, straight = relu_sum(grid, values, "clamp"), relu_sum(grid, values, "linear")
    near = {"abs": 1e-11 * np.abs(slopes).max()}
    for network in (clamped, straight):
        assert network(inside) == pytest.approx(np.interp(inside, grid, values), **near)
        output = network.as_network().forward(inside[:, np.newaxis]).output[:, 0]
        assert output == pytest.approx(network(inside), **near)
        assert len(network.knots) == len(grid)
    assert clamped(left) == pytest.approx(values[0], **near)
    assert clamped(right) == pytest.approx(values[-1], **near)
    assert straight(left) == pytest.approx(values[0] + slopes[0] * (left - grid[0]), **near)
    assert straight(right) == pytest.approx(values[-1] + slopes[-1] * (right - grid[-1]), **near)


@pytest.mark.parametrize("largest", [126.0, 127.0, 127.5, 128.0, 128.5, 129.0])
def test_every_knot_fits_the_bits(largest):
    grid = np.array([0.0, 32.0, 64.0, largest])
    found = to_fixed_point(grid, np.array([0.0, 1.0, 0.0, 1.0]), 8)
    assert np.abs(found.network.knots / found.knot_step).max() <= 127
    assert np.abs(found.network.lambdas / found.lambda_step).max() <= 127


@pytest.mark.parametrize("outside", ["clamp", "linear"])
def test_with_too_many_points_for_compensated_terms_it_is_the_polyline_too(outside):
    n = MAX_EXACT + 1
    grid = np.linspace(-1.0, 2.0, n)
    values = np.sin(3.0 * grid) + 1.0
    network = relu_sum(grid, values, outside)
    assert len(network.knots) == n
    x = np.concatenate([grid[:: n // 50], np.linspace(-1.0, 2.0, 77), [-3.0, -1.5, 2.5, 4.0]])
    expected = np.interp(x, grid, values)
    if outside == "linear":
        slopes = np.diff(values) / np.diff(grid)
        expected += slopes[0] * np.minimum(x - grid[0], 0.0)
        expected += slopes[-1] * np.maximum(x - grid[-1], 0.0)
    assert network(x) == pytest.approx(expected, abs=1e-7)


def test_another_behaviour_outside_is_unknown():
    with pytest.raises(UnknownName, match="'wrap' outside; there are clamp, linear"):
        relu_sum(np.array([0.0, 1.0]), np.zeros(2), "wrap")


@given(seed=seeds, outside=st.sampled_from(["clamp", "linear"]))
def test_the_bounds_of_the_units_are_the_next_floats_around_the_exact_ones(seed, outside):
    grid, values = _polyline(seed)
    network = relu_sum(grid, values, outside)
    interval = (float(grid[0]), float(grid[-1]))
    low, high = network.pre_activation_bounds(interval)
    for j, (knot, direction) in enumerate(zip(network.knots, network.directions, strict=True)):
        exact = sorted(Fraction(direction) * (Fraction(end) - Fraction(knot)) for end in interval)
        assert Fraction(low[j]) <= exact[0] < Fraction(np.nextafter(low[j], np.inf))
        assert Fraction(np.nextafter(high[j], -np.inf)) < exact[1] <= Fraction(high[j])


def _exactly(network, x):
    terms = zip(network.knots.tolist(), network.lambdas.tolist(), strict=True)
    return Fraction(network.bias) + sum(
        Fraction(factor) * max(Fraction(x) - Fraction(knot), 0) for knot, factor in terms
    )


@settings(deadline=None, max_examples=30)
@given(seed=seeds, bits=st.sampled_from([None, 12, 16, 24]))
def test_short_numbers_move_the_network_by_no_more_than_is_said(seed, bits):
    grid, values = _polyline(seed)
    found = to_float32(grid, values) if bits is None else to_fixed_point(grid, values, bits)
    x = np.linspace(grid[0], grid[-1], 60).tolist()
    moved = max(abs(float(_exactly(found.network, u)) - np.interp(u, grid, values)) for u in x)
    assert moved <= found.error + 1e-13
    numbers = np.concatenate([found.network.knots, found.network.lambdas, [found.network.bias]])
    if bits is None:
        assert np.array_equal(numbers.astype(np.float32).astype(float), numbers)
        assert found.error < 1e-4
    else:
        integers = np.concatenate(
            [found.network.knots / found.knot_step, numbers[20:] / found.lambda_step]
        )
        assert np.array_equal(integers, np.round(integers))
        assert np.abs(integers).max() < 2 ** (bits - 1)
        assert found.error < 2.0 ** (9 - bits) * np.abs(found.network.lambdas).max()


def test_rounding_does_not_add_up_along_the_network():
    # 1000 roundings of float32 one on top of the other would be 1000 times that of one.
    grid = equidistant(0.0, 10.0, 1001)
    found = to_float32(grid, np.sin(grid))
    assert found.error < 4 * 2.0**-24 * 10.0


def test_the_guarantee_covers_the_quantized_network():
    target = FormulaTarget(parse("exp(-x)*sin(5*x)"), (0.0, 3.0))
    found = smallest_within(target, 1e-3)
    short = to_fixed_point(found.grid, found.values, 20)
    x = np.linspace(0.0, 3.0, 2001)
    off = np.abs(short.network(x) - target.function(x)).max()
    assert found.certificate.error_bound < off <= found.certificate.error_bound + short.error


@pytest.mark.parametrize("bits", [3, 49])
def test_bits_out_of_range_are_refused(bits):
    with pytest.raises(OutOfDomain, match="not from 4 to 48") as refused:
        to_fixed_point(np.array([0.0, 1.0]), np.zeros(2), bits)
    assert refused.value.place == ("quantize", "bits")


def test_knots_that_rounding_makes_equal_are_refused():
    grid = np.array([1.0, 1.0 + 1e-9, 2.0])
    with pytest.raises(InvalidGrid, match="points 1 and 2 are the same"):
        to_float32(grid, np.zeros(3))
    with pytest.raises(InvalidGrid, match="points 1 and 2 are the same"):
        to_fixed_point(grid, np.zeros(3), 16)
    with pytest.raises(OutOfDomain, match="beyond what a float32"):
        to_float32(np.array([0.0, 1.0]), np.array([0.0, 1e300]))


PROGRAM = """
#include <stdio.h>
#include "network.h"
int main(void)
{
    double x;
    while (scanf("%la", &x) == 1) {
        printf("%a\\n", network(x));
    }
    return 0;
}
"""


@pytest.mark.parametrize("n", [2, 3, 300])
def test_the_compiled_header_gives_the_same_numbers_to_the_last_bit(tmp_path, n):
    network = interpolate_function(parse("sin(3*x) + sqrt(x)"), equidistant(0.1, 7.3, n))
    (tmp_path / "network.h").write_text(c_header(network.segments, "network"))
    (tmp_path / "main.c").write_text(PROGRAM)
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffp-contract=off"]
    subprocess.run(["gcc", *flags, "main.c", "-o", "network"], cwd=tmp_path, check=True)
    x = np.concatenate(
        [np.random.default_rng(n).uniform(-9, 15, 2000), network.grid, network.knots]
    )
    spoken = "\n".join(number.hex() for number in x.tolist())
    run = subprocess.run(
        [tmp_path / "network"], input=spoken, capture_output=True, text=True, check=True
    )
    assert np.array_equal([float.fromhex(line) for line in run.stdout.split()], network(x))


@pytest.mark.parametrize("name", ["", "2f", "f g", "int", "f;}", "ü", "_f", "a" * 64])
def test_a_name_that_c_does_not_allow_is_refused(name):
    network = interpolate(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    with pytest.raises(InvalidFormula, match="not a name of a function in C"):
        c_header(network.segments, name)
