"""Limits: f is proved where a quotient is 0/0 or 1/∞ as it is written, and only there."""

from fractions import Fraction

import numpy as np
import pytest
from exact_checker import BUDGET, ExactSum, mp, to_mp

from core.approximation.ball_arithmetic.removable_singularities import continued
from core.approximation.formula.formula import parse
from core.approximation.request import ApproximationRequest
from core.errors import NotFinite

PI = mp.mpf(np.pi)
CASES = [
    ("2*sin(pi*x)/x", (-10.0, 10.0), 0.0, lambda x: 2 * mp.sin(PI * x) / x, 2 * np.pi),
    ("log((x+3)/4)/(x-1)", (0.0, 3.0), 1.0, lambda x: mp.log((x + 3) / 4) / (x - 1), 0.25),
    ("(exp(x) - 1)/x", (-1.0, 1.0), 0.0, lambda x: mp.expm1(x) / x, 1.0),
    ("(1 - cos(x))/x^2", (-1.0, 1.0), 0.0, lambda x: 2 * (mp.sin(x / 2) / x) ** 2, 0.5),
    ("(x^2 - 4)/(x - 2) + x", (0.0, 5.0), 2.0, lambda x: 2 * x + 2, 6.0),
    (
        "8.6 - 8.6/(1 + (x/9)^(-1.62))^2",
        (0.0, 40.0),
        0.0,
        lambda x: mp.mpf(8.6) - mp.mpf(8.6) / (1 + (x / 9) ** mp.mpf(-1.62)) ** 2,
        8.6,
    ),
    ("1/(2 - 1/x)", (-1.0, 0.25), 0.0, lambda x: x / (2 * x - 1), 0.0),
    ("(3 + x^(-2)*5)^(-1)", (-2.0, 2.0), 0.0, lambda x: x**2 / (3 * x**2 + 5), 0.0),
    ("x*log(x)", (0.0, 1.0), 0.0, lambda x: x * mp.log(x), 0.0),
    ("2 - sqrt(x)*log(x)/2", (0.0, 2.0), 0.0, lambda x: 2 - mp.sqrt(x) * mp.log(x) / 2, 2.0),
    ("-sin(x)*log2(x)", (0.0, 3.0), 0.0, lambda x: -mp.sin(x) * mp.log(x, 2), 0.0),
    ("x*log(x)^2", (0.0, 1.0), 0.0, lambda x: x * mp.log(x) ** 2, 0.0),
    ("x*log(1/x)", (0.0, 1.0), 0.0, lambda x: -x * mp.log(x), 0.0),
    ("x^2*log(abs(x))", (-1.0, 1.0), 0.0, lambda x: x**2 * mp.log(abs(x)), 0.0),
    ("exp(-1/x)", (0.0, 1.0), 0.0, lambda x: mp.exp(-1 / x), 0.0),
    ("2^(-3/x^2)", (-1.0, 1.0), 0.0, lambda x: 2 ** (-3 / x**2), 0.0),
    ("1/(1 + exp(-1/x))", (0.0, 1.0), 0.0, lambda x: 1 / (1 + mp.exp(-1 / x)), 1.0),
    ("tanh(-2/x)", (0.0, 9.0), 0.0, lambda x: mp.tanh(-2 / x), -1.0),
    ("atan(1/x)", (0.0, 1.0), 0.0, lambda x: mp.atan(1 / x), np.pi / 2),
]


@pytest.mark.parametrize(("text", "interval", "c", "f", "limit"), CASES)
@pytest.mark.parametrize("fields", [{"n": 8}, {"rule": "minimal", "tolerance": 0.02}])
def test_the_limit_is_taken_said_and_proved(text, interval, c, f, limit, fields):
    result = ApproximationRequest(text, None, interval, **fields).run(BUDGET)
    assert result.function.limits == ((c, pytest.approx(limit, rel=1e-12, abs=1e-300)),)
    certificate, network = result.certificate, ExactSum.of(result.relu_sum)
    assert certificate.proved
    a, b = interval
    steps = np.array([1e-15, 1e-9, 1e-8, 2e-8, 1e-6, 1e-4, 2e-4, 1e-3])
    points = np.concatenate([np.linspace(a, b, 41), c - steps, c + steps, result.grid])
    for x in np.unique(points[(points >= a) & (points <= b) & (points != c)]).tolist():
        off = f(mp.mpf(x)) - to_mp(network(Fraction(x)))
        assert abs(off) <= certificate.error_bound
    assert abs(limit - float(network(Fraction(c)))) <= certificate.error_bound + 1e-14
    largest = np.abs(result.values).max()
    assert certificate.error_bound <= result.error.max_error * 1.01 + 1e-7 * largest


@pytest.mark.parametrize(("text", "interval", "c", "f", "limit"), CASES)
def test_elsewhere_the_continued_function_is_the_same(text, interval, c, f, limit):
    function, x = parse(text), np.linspace(*interval, 301)
    x = x[np.abs(x - c) > 1e-3]
    assert continued(function, interval)(x) == pytest.approx(function(x), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(
    "text", ["1/x", "sin(x)/x^2", "abs(x)/x", "x/x^2", "cos(x)/x", "(x + 1e-9)/x", "x/(1 - cos(x))"]
)
def test_a_pole_or_a_jump_is_no_limit(text):
    request = ApproximationRequest(text, None, (-1.0, 1.0), n=5)
    with pytest.raises(NotFinite):
        request.run(BUDGET)


def test_the_limits_at_both_ends_are_said():
    entropy = "-x*log2(x) - (1 - x)*log2(1 - x)"
    result = ApproximationRequest(entropy, None, (0.0, 1.0), "minimal", tolerance=0.01).run(BUDGET)
    assert result.function.limits == ((0.0, 0.0), (1.0, 0.0))
    assert result.certificate.error_bound <= 0.01


@pytest.mark.parametrize(
    ("text", "interval"),
    [("exp(-1/x)", (-1.0, 1.0)), ("x*sin(1/x)", (0.0, 1.0)), ("(x - sin(x))/x^3", (0.0, 1.0))],
)
def test_without_a_known_limit_f_is_refused_at_the_point(text, interval):
    with pytest.raises(NotFinite, match=r"at x = (0\.0; no limit|-1\.7)"):
        ApproximationRequest(text, None, interval, n=5).run(BUDGET)


def test_a_proof_leaves_out_points_at_which_nothing_is_known():
    request = ApproximationRequest("x*tanh(1/x)", None, (-1.0, 1.0), "minimal", tolerance=0.01)
    result = request.run(BUDGET)
    assert not result.certificate.proved
    assert result.proof is None or np.isfinite(result.proof.lower).all()


# Each was without a proof, or refused: a cusp, a value beside a pole, and 0**0.
@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("sqrt(abs(x))", (-1.0, 1.0)),
        ("log(1 + 4*0.9999999*(x^2 - x))", (0.0, 1.0)),
        ("x^x", (0.0, 2.0)),
        ("1/(x^2 - x + 0.26)", (0.0, 1.0)),
    ],
)
def test_what_is_finite_everywhere_is_proved(text, interval):
    result = ApproximationRequest(text, None, interval, "minimal", tolerance=0.05).run(BUDGET)
    assert result.certificate.proved
    assert 0.049 < result.error.max_error <= result.certificate.error_bound <= 0.05


@pytest.mark.parametrize("text", ["1/(x + 1)", "sin(x)/x", "x/(x^2 - 1)"])
def test_an_interval_up_to_the_largest_floats_is_searched_without_a_warning(text):
    continued(parse(text), (0.0, 1e300))
