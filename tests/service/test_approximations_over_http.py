"""/approximate answers the sheet's Task 7: λ, knots, system, error, and a network to use."""

import re
import tracemalloc

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem import refusal

JSON = {"Content-Type": "application/json"}
SINE = {"function": "sin(x)", "interval": [0, 3]}


def approximate(client, **question):
    response = client.post("/approximate", json=question)
    assert response.status_code == 200, response.text
    return response.json()


def outputs(client, network, x):
    question = {"network": network, "x": [[one] for one in x], "intermediates": False}
    return np.ravel(client.post("/forward", json=question).json()["output"])


def test_five_points_by_hand(client):
    # f(x) = x² on 0, 1, 2, 3, 4; λ is the first slope, then the changes of slope:
    #   values 0 1 4 9 16   slopes from knot -1: 0 1 3 5 7   λ = 0 1 2 2 2   knots -1 0 1 2 3
    # The error of x² between two neighbours is largest in the middle, h²/8 · 2 = 1/4.
    answer = approximate(client, function="x**2", interval=[0, 4], n=5)
    assert answer["grid"] == [0, 1, 2, 3, 4]
    assert answer["values"] == [0, 1, 4, 9, 16]
    assert answer["knots"] == [-1, 0, 1, 2, 3]
    assert answer["lambdas"] == [0, 1, 2, 2, 2]
    assert answer["spacing"] == 1
    assert answer["max_error"] == pytest.approx(0.25)
    assert answer["residual"] == 0
    assert answer["system"]["matrix"][4] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("n", [2, 3, 10, 16])
@pytest.mark.parametrize("grid", ["equidistant", "chebyshev", [0.0, 0.1, 0.5, 2.0]])
def test_the_lambdas_solve_the_printed_system(client, n, grid):
    given = {"grid": grid} if isinstance(grid, list) else {"grid": grid, "n": n}
    answer = approximate(client, **(SINE | given))
    matrix, values = np.array(answer["system"]["matrix"]), answer["system"]["values"]
    np.testing.assert_array_equal(matrix, np.tril(matrix))
    np.testing.assert_allclose(answer["lambdas"], np.linalg.solve(matrix, values), atol=1e-11)
    assert values == answer["values"]


def test_a_large_system_is_not_printed(client):
    assert approximate(client, **SINE, n=16)["system"] is not None
    assert approximate(client, **SINE, n=17)["system"] is None


@settings(max_examples=25)
@given(
    steps=st.lists(st.floats(0.01, 10), min_size=1, max_size=40),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_network_of_a_table_is_linear_interpolation(client, steps, seed):
    x = np.cumsum([0.0, *steps])
    y = np.random.default_rng(seed).normal(size=len(x))
    answer = approximate(client, samples={"x": x.tolist(), "y": y.tolist()})
    between = np.linspace(x[0], x[-1], 101)
    predicted = outputs(client, answer["network"], between)
    # Sums of λ·ReLU cancel: their rounding grows with the terms, not with the result.
    size = np.abs(answer["lambdas"]).sum() * (x[-1] - answer["knots"][0])
    np.testing.assert_allclose(predicted, np.interp(between, x, y), atol=1e-15 * len(x) * size)


@pytest.mark.parametrize("n", [5, 9, 33, 129])
def test_the_interpolation_error_obeys_the_theorem(client, n):
    spacing = 3 / (n - 1)
    error = approximate(client, **SINE, n=n)["max_error"]
    largest = np.abs(np.sin(np.linspace(0, 3, 100_001))).max()  # |sin''| = |sin|
    assert 0.8 * spacing**2 / 8 < error <= largest * spacing**2 / 8 + 1e-14


def test_a_network_wider_than_forward_takes_is_left_out(open_service):
    client = open_service(max_width=8)
    answer = approximate(client, **SINE, n=8)
    assert len(answer["network"]["layers"][0]["biases"]) == 8
    assert client.post("/forward", json={"network": answer["network"], "x": [1]}).status_code == 200
    assert approximate(client, **SINE, n=9)["network"] is None


def test_large_tables_come_back_whole_and_exact(client):
    n = 20_000
    x = np.cumsum(np.random.default_rng(1).uniform(0.5, 1.5, n))
    y = np.sin(x)
    answer = approximate(client, samples={"x": x.tolist(), "y": y.tolist()})
    np.testing.assert_array_equal(answer["grid"], x)
    np.testing.assert_array_equal(answer["values"], y)
    slopes = np.diff(y) / np.diff(x)
    np.testing.assert_allclose(answer["lambdas"][2:], np.diff(slopes), rtol=1e-9, atol=1e-12)


def test_halving_the_spacing_quarters_the_error(client):
    question = SINE | {"n": [9, 17, 33, 65], "grids": ["equidistant"]}
    rows = client.post("/approximate/compare", json=question).json()["experiments"]
    assert [row["n"] for row in rows] == [9, 17, 33, 65]
    assert rows[0]["observed_order"] is None
    for row in rows[1:]:
        assert row["observed_order"] == pytest.approx(2, abs=0.1)


def test_the_comparison_says_what_approximate_says(client):
    question = SINE | {"n": [7, 5, 7], "grids": ["chebyshev", "equidistant", "chebyshev"]}
    rows = client.post("/approximate/compare", json=question).json()["experiments"]
    assert [(row["grid"], row["n"]) for row in rows] == [
        ("chebyshev", 5),
        ("chebyshev", 7),
        ("equidistant", 5),
        ("equidistant", 7),
    ]
    for row in rows:
        alone = approximate(client, **SINE, n=row["n"], grid=row["grid"])
        for key in ("spacing", "max_error", "rms_error"):
            assert row[key] == alone[key]


def test_memory_is_linear_in_the_samples(client):
    def peak(samples):
        """Bytes for each sample, the client's included."""
        x = np.arange(samples, dtype=float)
        body = orjson.dumps(
            {"samples": {"x": x, "y": np.sin(x)}}, option=orjson.OPT_SERIALIZE_NUMPY
        )
        tracemalloc.start()
        try:
            response = client.post("/approximate", content=body, headers=JSON)
            assert response.status_code == 200
            return tracemalloc.get_traced_memory()[1] / samples
        finally:
            tracemalloc.stop()

    peak(1000)  # what is loaded once is there
    assert peak(400_000) <= 1.1 * peak(100_000)


@pytest.mark.parametrize("question", [{"n": 7}, {"tolerance": 0.01, "outside": "clamp"}])
def test_the_curve_is_f_and_the_network_at_equidistant_points(client, question):
    answer = approximate(client, **SINE, **question, curve=400)
    curve = answer["curve"]
    assert curve["x"] == np.linspace(*SINE["interval"], 400).tolist()
    assert curve["f"] == pytest.approx(np.sin(curve["x"]), abs=1e-15)
    assert curve["nn"] == pytest.approx(outputs(client, answer["network"], curve["x"]), abs=1e-13)
    assert approximate(client, **SINE, **question)["curve"] is None


def test_the_curve_of_samples_has_no_f_and_its_length_is_bounded(client, open_service):
    samples = {"x": [0, 1, 3], "y": [0, 1, 0]}
    curve = approximate(client, samples=samples, curve=7)["curve"]
    assert (curve["f"], curve["nn"]) == (None, [0.0, 0.5, 1.0, 0.75, 0.5, 0.25, 0.0])
    small = open_service(max_points=100)
    refusal(small.post("/approximate", json=SINE | {"n": 5, "curve": 101}), 422, "/curve", "101")


def test_values_may_be_given_beside_the_points(client):
    question = {"function": "x^2", "grid": [0, 1, 2]}
    answer = approximate(client, **question, values=[0.5, 0.75, 4])
    assert answer["values"] == [0.5, 0.75, 4]
    # On [1, 2] the chord 0.75 + 3.25 (x - 1) is below x^2 at 1 and above it by 0.140625 at 1.625;
    # on [0, 1] it is above x^2 by 0.5 at 0 and by 0.515625 at 0.125.
    assert answer["max_error"] == pytest.approx(0.515625, rel=1e-12)
    assert 0.515625 <= answer["error_bound"] <= 0.515625 * 1.01
    refusal(client.post("/approximate", json=question | {"values": [1, 2]}), 422, "", "2 values")
    named = SINE | {"n": 3, "values": [1, 2, 3]}
    refusal(client.post("/approximate", json=named), 422, "", "grid of numbers")


@pytest.mark.parametrize(
    "question",
    [
        {"n": 9},
        {"n": 9, "grid": "minimal"},
        {"tolerance": 1e-3},
        {"tolerance": 1e-3, "precision": "float32"},
    ],
)
def test_without_a_proof_errors_are_measured_all_the_same(client, question):
    proved = approximate(client, **SINE, **question)
    quick = approximate(client, **SINE, **question, prove=False)
    assert quick["error_bound"] is quick["certificate"] is quick["minimality"] is None
    assert quick["unproved"] == [{"interval": None, "reason": "no proof was asked for"}]
    assert len(quick["grid"]) == len(proved["grid"])
    assert quick["max_error"] == pytest.approx(proved["max_error"], rel=1e-3)


def test_the_ends_of_the_interval_may_be_formulas_without_x(client):
    written = approximate(client, function="sin(x)", interval=[0, "2*π"], n=5)
    assert written == approximate(client, function="sin(x)", interval=[0, 2 * np.pi], n=5)
    body = {
        "function": "exp(x)",
        "interval": ["-log(2)", "sqrt(2)"],
        "n": [5],
        "grids": ["minimal"],
    }
    assert client.post("/approximate/compare", json=body).status_code == 200
    for end, pointer, words in (
        ("2*x", "/interval/1", "depends on x"),
        ("2*", "/interval/1", "ends where"),
        ("1/0", "/interval/1", "inf"),
        ("1+" + "1" * 100, "/interval/1", "100"),
        (True, "/interval/1", ""),
    ):
        body = {"function": "sin(x)", "interval": [0, end], "n": 5}
        refusal(client.post("/approximate", json=body), 422, pointer, words)


def test_a_limit_is_taken_and_said(client):
    answer = approximate(client, function="2*sin(pi*x)/x", interval=[-10, 10], n=21)
    assert answer["limits"] == [{"x": 0, "value": 2 * np.pi}]
    assert answer["values"][10] == 2 * np.pi
    assert answer["error_bound"] >= answer["max_error"] > 1.3
    assert approximate(client, **SINE, n=5)["limits"] == []


@pytest.mark.parametrize(("allowed", "status"), [(10_001_000, 200), (10_000_999, 422)])
def test_two_points_with_their_proof_cost_what_the_table_of_costs_says(
    open_service, allowed, status
):
    client = open_service(max_operations=allowed)
    question = {"function": "x", "interval": [0, 1], "n": 2}
    assert client.post("/approximate", json=question).status_code == status


def test_the_picture_shows_the_whole_interval(client):
    svg = client.post(
        "/approximate", json=SINE | {"n": 9}, headers={"Accept": "image/svg+xml"}
    ).text
    width = float(re.search(r'viewBox="0 0 ([0-9.]+)', svg)[1])
    paths = [
        re.findall(r"[ML] ([0-9.]+) [0-9.]+", path) for path in re.findall(r' d="([^"]+)"', svg)
    ]
    curve = [float(x) for x in max(paths, key=len)]
    assert len(curve) > 100
    assert max(curve) - min(curve) > 0.7 * width
