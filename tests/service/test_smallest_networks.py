"""/approximate with a tolerance: the smallest network, and proofs that a client can check."""

import re
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem import problem, refusal

from core.approximation.polyline.min_link import min_link_polyline

KEYS = {
    "grid", "values", "knots", "lambdas", "spacing", "max_error", "max_error_at", "rms_error",
    "residual", "evaluation_error", "overshoot", "error_bound", "unproved", "certificate",
    "minimality", "system", "network",
    "directions", "bias", "pre_activation_bounds", "rounding", "derivatives", "curve",
    "limits",
}  # fmt: skip
SINE = {"function": "sin(x)", "interval": [0, 3]}
ROUNDING = 1e-13


def approximate(client, **question):
    response = client.post("/approximate", json=question)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer.keys() == KEYS
    return answer


def refused(client, pointer, *words, **question):
    refusal(client.post("/approximate", json=question), 422, pointer, *words)


@pytest.mark.parametrize("segments", [2, 4, 8, 16])
def test_the_parabola_gets_the_segments_of_the_closed_form(client, segments):
    # On h the best line misses x² by h²/8, so 1/(8 k²) is the least error of k segments on [0, 1].
    least = 1 / (8 * segments**2)
    answer = approximate(client, function="x^2", interval=[0, 1], tolerance=least * (1 + 1e-5))
    assert len(answer["grid"]) == segments + 1
    assert least * (1 - 1e-9) <= answer["error_bound"] <= least * (1 + 1e-5)
    assert answer["minimality"]["segments"] == segments


def test_with_n_the_error_is_the_least_and_nothing_below_it_is_possible(client):
    answer = approximate(client, function="x^2", interval=[0, 1], n=5, grid="minimal")
    assert answer["error_bound"] == pytest.approx(1 / 128, rel=3e-6)
    minimality = answer["minimality"]
    assert 0.9999 / 128 < minimality["tolerance"] < 1 / 128
    assert minimality["segments"] == 5


@settings(max_examples=20)
@given(
    tolerance=st.floats(-4, -1).map(lambda e: 10.0**e),
    side=st.sampled_from(["both", "below", "above"]),
)
def test_the_network_is_on_its_side_and_within_the_tolerance(client, tolerance, side):
    answer = approximate(client, **SINE, tolerance=tolerance, side=side)
    x = np.linspace(0, 3, 2001)
    question = {"network": answer["network"], "x": x[:, None].tolist(), "intermediates": False}
    off = np.ravel(client.post("/forward", json=question).json()["output"]) - np.sin(x)
    low, high = {"both": (-1, 1), "below": (-1, 0), "above": (0, 1)}[side]
    assert low * tolerance - ROUNDING <= off.min()
    assert off.max() <= high * tolerance + ROUNDING
    assert answer["error_bound"] <= tolerance


def test_a_relative_error_is_a_share_of_the_function(client):
    question = {"function": "exp(x)", "interval": [0, 5]}
    answer = approximate(client, **question, tolerance=1e-3, error="relative")
    x = np.linspace(0, 5, 20_001)
    share = np.interp(x, answer["grid"], answer["values"]) / np.exp(x) - 1
    assert 0.99e-3 < np.abs(share).max() <= answer["error_bound"] <= 1e-3
    # By e^(x + h) = e^h e^x every segment is as long as any other.
    # But for the ends, where values are free and the interval ends.
    lengths = np.diff(answer["grid"])[1:-2]
    assert lengths == pytest.approx(np.full(len(lengths), lengths[0]), rel=1e-3)


@pytest.mark.parametrize("grid", ["equidistant", "chebyshev", "minimal"])
def test_every_segment_has_its_bound_and_the_largest_is_the_error_bound(client, grid):
    answer = approximate(client, **SINE, n=9, grid=grid)
    segments = answer["certificate"]
    assert [one["interval"] for one in segments] == [
        list(ends) for ends in zip(answer["grid"], answer["grid"][1:], strict=False)
    ]
    for one in segments:
        x = np.linspace(*one["interval"], 1001)
        off = np.sin(x) - np.interp(x, answer["grid"], answer["values"])
        assert one["lower"] - ROUNDING <= off.min()
        assert off.max() <= one["upper"] + ROUNDING
        assert one["bound"] == max(abs(one["lower"]), abs(one["upper"]))
    assert answer["error_bound"] == max(one["bound"] for one in segments)
    assert answer["max_error"] <= answer["error_bound"] <= 1.01 * answer["max_error"]


@pytest.mark.parametrize("question", [{"tolerance": 1e-3}, {"n": 12, "grid": "minimal"}])
def test_the_witnesses_block_every_smaller_network_by_exact_arithmetic(client, question):
    answer = approximate(client, **SINE, **question)
    proof = answer["minimality"]
    fewer = {"tolerance": len(answer["grid"]) - 2, "n": 11}[next(iter(question))]
    assert proof["segments"] == fewer + 1
    # The tunnel at the witnesses is not narrower than f ± tolerance …
    sines = np.sin(proof["x"])
    assert (np.array(proof["lower"]) <= sines - proof["tolerance"] + ROUNDING).all()
    assert (np.array(proof["upper"]) >= sines + proof["tolerance"] - ROUNDING).all()
    # … and fractions find no way through it with fewer segments, but one with as many.
    gates = [[Fraction(y) for y in proof[name]] for name in ("x", "lower", "upper")]
    assert min_link_polyline(*gates, at_most=fewer) is None
    assert min_link_polyline(*gates, at_most=fewer + 1) is not None


def test_a_grid_that_is_given_has_nothing_to_be_minimal(client):
    assert approximate(client, **SINE, n=5)["minimality"] is None


def test_a_table_proves_nothing_between_its_points(client):
    answer = approximate(client, samples={"x": [0, 1, 2], "y": [0, 1, 0]})
    assert answer["error_bound"] is answer["certificate"] is None
    (gap,) = answer["unproved"]
    assert gap["interval"] is None
    assert "between" in gap["reason"]


def test_a_long_grid_is_measured_and_says_so(client):
    proved = approximate(client, **SINE, n=10_001)
    assert proved["error_bound"] <= 1.01 * proved["max_error"]
    assert len(proved["certificate"]) == 10_000
    longer = approximate(client, **SINE, n=10_002)
    assert longer["error_bound"] is longer["certificate"] is None
    assert "10,000 segments" in longer["unproved"][0]["reason"]


def test_where_there_is_no_proof_the_answer_says_where(client):
    answer = approximate(client, function="where(x == 0, 0, x*sin(1/x))", interval=[-1, 1], n=6)
    assert answer["error_bound"] is None
    (gap,) = answer["unproved"]
    left, right = gap["interval"]
    assert left <= 0 <= right
    assert right - left < 1e-12
    assert "undefined" in gap["reason"]


def test_the_error_of_a_jump_is_half_of_it_at_least_and_proved(client):
    answer = approximate(client, function="where(x < 0.3, 0, 1)", interval=[0, 1], n=6)
    # On [0.2, 0.4] NN rises from 0 to 1 and is 1/2 at 0.3, where f goes from 0 to 1.
    assert 0.5 <= answer["error_bound"] == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("size", [{"n": 8}, {"n": 8, "grid": "minimal"}, {"tolerance": 1e-3}])
@pytest.mark.parametrize(
    ("function", "at"),
    [
        ("1/(x - 0.3)", 0.3),
        ("1/(x - 0.3)^2", 0.3),
        ("tan(5*x)", 0.31416),
        ("log(x)", 0.0),
        ("sqrt(abs(x - 0.3) - 0.001)", 0.3),
    ],
)
def test_poles_and_gaps_are_refused_with_their_place(client, function, at, size):
    response = client.post("/approximate", json={"function": function, "interval": [0, 1]} | size)
    (error,) = problem(response, 422)["errors"]
    assert error["pointer"] == "/function"
    assert float(re.search("x = ([-+.e0-9]*[0-9])", error["detail"])[1]) == pytest.approx(
        at, abs=2e-3
    )


def test_no_network_bridges_a_jump_within_less_than_half_of_it(client):
    step = {"function": "where(x < 0.3, 0, 1)", "interval": [0, 1]}
    refused(client, "/function", "jumps by 1", "x = 0.3", **step, tolerance=0.4)
    assert approximate(client, **step, tolerance=0.6)["error_bound"] <= 0.6


def test_a_relative_error_of_a_function_with_a_zero_is_refused(client):
    for size in ({"n": 5}, {"n": 5, "grid": "minimal"}, {"tolerance": 0.1}):
        refused(client, "/error", "sign", **SINE | {"interval": [1, 4]}, **size, error="relative")


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 5, "tolerance": 0.1},
        {},
        {"tolerance": 0.1, "grid": "chebyshev", "error": "relative"},
        {"n": 5, "precision": "float32", "quantize": {"bits": 16}},
        {"n": 5, "precision": "float32", "error": "relative"},
        {"tolerance": 0.1, "grid": [0.0, 1.0]},
        {"n": 5, "side": "below"},
        {"n": 5, "grid": "equidistant", "side": "above"},
    ],
)
def test_what_does_not_go_together_is_refused(client, wrong):
    refused(client, "", **SINE, **wrong)


@pytest.mark.parametrize("tolerance", [0, -1, 1e301])
def test_a_tolerance_is_a_positive_number(client, tolerance):
    refused(client, "/tolerance", **SINE, tolerance=tolerance)


def test_work_is_bounded_before_it_is_begun(client, open_service):
    sines = {"function": "sin(1000*x)", "interval": [0, 1000]}
    refused(client, "/tolerance", "points", **sines, tolerance=1e-6)
    refused(client, "", "operations", **SINE, n=10**5, grid="minimal")
    small = open_service(max_points=100)
    assert len(approximate(small, **SINE, tolerance=1e-3)["grid"]) < 30
    refused(small, "/tolerance", "at most 100", **SINE, tolerance=1e-6)


def test_others_are_answered_while_a_network_is_searched(client):
    question = {"function": "exp(x)", "interval": [0, 5], "tolerance": 1e-4}
    with ThreadPoolExecutor(1) as pool:
        searched = pool.submit(approximate, client, **question)
        answered = 0
        while not searched.done():
            assert client.get("/health/live").status_code == 200
            answered += 1
    assert len(searched.result()["grid"]) > 500
    assert answered > 10
