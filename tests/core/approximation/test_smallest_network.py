"""`minimal` is minimal: closed forms, exact proofs, and certificates that another checks."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from core.approximation.certified_network import certify_network
from core.approximation.formula.formula import parse
from core.approximation.minimal import smallest_network
from core.approximation.minimal.smallest_network import least_error_with, smallest_within
from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.target import FormulaTarget
from core.errors import InvalidGrid, Jump, NotFinite, OutOfDomain

FORMULAS = [
    ("x^2", 0.0, 1.0),
    ("exp(x)", 0.0, 5.0),
    ("sin(x)", 0.0, 10.0),
    ("1/(1 + 25*x^2)", -1.0, 1.0),
    ("sqrt(x)", 0.0, 1.0),
    ("tanh(20*x)", -1.0, 1.0),
    ("abs(sin(3*x)) + max(x, 0.3)", 0.0, 2.0),
    ("where(x < 0.3, x^2, x - 0.21)", 0.0, 1.0),
    ("log(x)", 0.01, 2.0),
    ("erf(x) + x*exp(-x^2)", -3.0, 3.0),
]


def _target(text, a, b, side="both", relative=False):
    return FormulaTarget(parse(text), (a, b), side, relative)


@pytest.mark.parametrize("points", [2, 3, 5, 17])
def test_the_least_error_of_the_parabola_is_that_of_the_closed_form(points):
    # Every segment is h = 1/(n-1) long; x² leaves its chord by h²/4, half of it on either side.
    found = least_error_with(_target("x^2", 0.0, 1.0), points)
    least = 1.0 / (8.0 * (points - 1) ** 2)
    assert len(found.grid) == points
    assert found.certificate.error_bound == pytest.approx(least, rel=3e-6)
    assert found.proof.tolerance == pytest.approx(least, rel=1e-5)
    assert found.proof.tolerance < least
    assert found.grid == pytest.approx(np.linspace(0.0, 1.0, points), abs=1e-5)


def _reach_of_exp(x, epsilon):
    """Return where a chord of e^x that begins at x leaves it by 2 epsilon, by bisection."""
    low, high = 0.0, 50.0
    for _ in range(200):
        h = 0.5 * (low + high)
        slope = np.expm1(h) / h
        # On [0, h] the chord 1 + slope t is farthest from e^t where e^t = slope.
        off = np.exp(x) * (1.0 + slope * np.log(slope) - slope)
        low, high = (h, high) if off < 2.0 * epsilon else (low, h)
    return x + low


@pytest.mark.parametrize("epsilon", [10.0, 0.3, 1e-2])
def test_the_exponential_needs_as_many_segments_as_chords_of_twice_the_tolerance(epsilon):
    x, segments = 0.0, 0
    while x < 5.0:
        x, segments = _reach_of_exp(x, epsilon), segments + 1
    found = smallest_within(_target("exp(x)", 0.0, 5.0), epsilon)
    assert len(found.grid) == segments + 1
    assert found.proof.links == segments
    assert found.certificate.error_bound <= epsilon


@pytest.mark.parametrize(
    ("text", "a", "b", "times"),
    [
        ("exp(x)", 0.0, 5.0, 12),
        ("1/(1 + 25*x^2)", -1.0, 1.0, 13),
        ("sqrt(x)", 0.0, 1.0, 66),
        ("tanh(20*x)", -1.0, 1.0, 107),
        ("sin(x)", 0.0, 2 * np.pi, 3),
    ],
)
def test_free_knots_are_many_times_better_than_equidistant_ones(text, a, b, times):
    x = np.linspace(a, b, 17)
    dense = np.linspace(a, b, 100_001)
    function = parse(text)
    equidistant = np.abs(np.interp(dense, x, function(x)) - function(dense)).max()
    free = least_error_with(_target(text, a, b), 17).certificate.error_bound
    assert equidistant / free == pytest.approx(times, rel=0.2)


def _checked_segment(text, left, right, at_left, at_right, lower, upper):
    """Bound f - chord by the mean value form over 2^k pieces of balls: with Arb alone."""
    names = {"exp": arb.exp, "sin": arb.sin, "log": arb.log, "tanh": arb.tanh, "sqrt": arb.sqrt}

    def off(x):
        f = eval(text.replace("^", "**"), {"__builtins__": {}}, {**names, "x": x})  # noqa: S307
        slope = (arb(at_right) - at_left) / (arb(right) - left)
        return f - (at_left + slope * (x - left))

    stack, slack = [(left, right)], 0.02 * (upper - lower)
    while stack:
        low, high = stack.pop()
        value = off(arb((low + high) / 2, (high - low) / 2))
        if value.is_finite() and lower - slack <= value.lower() and value.upper() <= upper + slack:
            continue
        assert high - low > 1e-9 * (right - left)
        stack += [(low, (low + high) / 2), ((low + high) / 2, high)]


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("exp(x)", 0.0, 5.0),
        ("sin(x)", 0.0, 6.0),
        ("1/(1 + 25*x**2)", -1.0, 1.0),
        ("log(x)", 0.01, 2.0),
    ],
)
def test_an_independent_checker_accepts_every_segment_of_the_certificate(text, a, b):
    found = least_error_with(_target(text, a, b), 9)
    certificate = found.certificate
    assert certificate.grid[0] == a
    assert certificate.grid[-1] == b
    ends = (found.grid[:-1], found.grid[1:], found.values[:-1], found.values[1:])
    columns = (column.tolist() for column in (*ends, certificate.lower, certificate.upper))
    segments = zip(*columns, strict=True)
    for segment in segments:
        _checked_segment(text, *segment)


@settings(deadline=None, max_examples=12)
@given(
    case=st.sampled_from(FORMULAS),
    tolerance=st.floats(-3.0, -1.0).map(lambda e: 10.0**e),
    side=st.sampled_from(["both", "below", "above"]),
)
def test_the_network_is_within_the_tolerance_and_on_its_side(case, tolerance, side):
    found = smallest_within(_target(*case, side), tolerance)
    low, high = {"both": (-1, 1), "below": (0, 1), "above": (-1, 0)}[side]
    x = np.linspace(case[1], case[2], 20_001)
    off = parse(case[0])(x) - np.interp(x, found.grid, found.values)
    assert off.min() >= found.certificate.lower.min() - 1e-14 >= low * tolerance - 2e-14
    assert off.max() <= found.certificate.upper.max() + 1e-14 <= high * tolerance + 2e-14


@settings(deadline=None, max_examples=12)
@given(case=st.sampled_from(FORMULAS), n=st.integers(2, 9))
def test_no_network_of_the_same_size_is_nearer_by_exact_arithmetic(case, n):
    found = least_error_with(_target(*case), n)
    proof = found.proof
    if proof is None:  # exact already, or the last link is nearly superfluous
        return
    assert proof.tolerance >= 0.99 * found.certificate.error_bound
    # The gates contain f ± tolerance: Arb at a hundred digits would not move them.
    exact = [fmpq(*x.as_integer_ratio()) for x in proof.x.tolist()]
    lower, upper = ([Fraction(y) for y in ends.tolist()] for ends in (proof.lower, proof.upper))
    y = parse(case[0])(proof.x)
    assert (proof.lower <= y - proof.tolerance + 1e-13).all()
    assert (proof.upper >= y + proof.tolerance - 1e-13).all()
    polyline = min_link_polyline([Fraction(int(x.p), int(x.q)) for x in exact], lower, upper)
    assert len(polyline.lines) >= n


@pytest.mark.parametrize("side", ["both", "below", "above"])
@pytest.mark.parametrize("text", ["exp(x)", "-2 - x^2"])
def test_a_relative_tolerance_is_a_share_of_the_value(text, side):
    found = smallest_within(_target(text, 0.0, 4.0, side, relative=True), 1e-3)
    x = np.linspace(0.0, 4.0, 20_001)
    y = parse(text)(x)
    share = (np.interp(x, found.grid, found.values) - y) / np.abs(y)
    low, high = {"both": (-1, 1), "below": (-1, 0), "above": (0, 1)}[side]
    assert low * 1e-3 - 1e-15 <= share.min()
    assert share.max() <= high * 1e-3 + 1e-15
    assert np.abs(share).max() > 0.99e-3
    assert found.proof is not None


@pytest.mark.parametrize(
    ("text", "error", "place", "sentence"),
    [
        ("1/x", NotFinite, ("function",), "x = 0.0"),
        ("tan(3*x)", NotFinite, ("function",), "pole near x = -0.52"),
        ("sqrt(abs(x - 0.31) - 0.02)", NotFinite, ("function",), "nan at x = 0.29"),
        ("floor(3*x)", Jump, ("function",), "jumps by 1 at x = -0.66666"),
        ("where(x < 0.2, 0, 1)", Jump, ("function",), "jumps by 1 at x = 0.2"),
    ],
)
def test_poles_gaps_and_jumps_are_refused_where_they_are(text, error, place, sentence):
    with pytest.raises(error, match=sentence) as refused:
        smallest_within(_target(text, -1.0, 1.0), 1e-3)
    assert refused.value.place == place


def test_a_jump_that_fits_into_the_tolerance_is_bridged():
    found = smallest_within(_target("x + where(x < 0.2, 0, 0.1)", 0.0, 1.0), 0.06)
    assert found.certificate.error_bound <= 0.06
    assert len(found.grid) == 2


def test_tolerances_and_sizes_that_make_no_sense_are_refused():
    with pytest.raises(OutOfDomain, match="not above 0"):
        smallest_within(_target("x", 0.0, 1.0), 0.0)
    with pytest.raises(InvalidGrid, match="at least 2 points, got n = 1"):
        least_error_with(_target("x", 0.0, 1.0), 1)


def test_where_the_function_changes_its_sign_no_relative_error_is_possible():
    with pytest.raises(OutOfDomain, match=r"changes its sign near x = 0\.5"):
        smallest_within(_target("x - 0.5", 0.0, 1.0, relative=True), 1e-3)


def test_a_polyline_is_its_own_smallest_network():
    found = least_error_with(_target("abs(x - 1/3) + max(x, 0.8)", 0.0, 1.0), 17)
    assert len(found.grid) == 4
    assert found.certificate.error_bound < 1e-12


@pytest.mark.parametrize(
    ("text", "interval", "half"),
    [
        ("where(x < 0.3, 0, 1)", (0.0, 1.0), 0.5),
        ("sign(x) + x^2", (-1.0, 1.0), 1.0),
        # |floor(x) - (x - 1/2)| ≤ 1/2: one line is as good as any number of them.
        ("floor(x)", (0.1, 3.5), 0.5),
    ],
)
def test_at_a_jump_half_of_it_is_the_least_error(text, interval, half):
    found = least_error_with(_target(text, *interval), 9)
    assert half <= found.certificate.error_bound <= half * (1 + 1e-5)
    with pytest.raises(Jump):
        smallest_within(_target(text, *interval), 0.99 * half)
    assert smallest_within(_target(text, *interval), 1.01 * half).certificate.proved


def test_a_fit_leaves_room_for_the_rounding_of_large_values_at_once(monkeypatch):
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return certify_network(*arguments)

    monkeypatch.setattr(smallest_network, "certify_network", counted)
    steep = _target("max(0, 1e6*(1 - x)) + sin(x)", 0.0, 1.5)
    found = smallest_within(steep, 1e-7, place_gates(steep, 1e-7))
    assert len(calls) == 1
    assert 0.9e-7 < found.certificate.error_bound <= 1e-7
