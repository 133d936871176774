"""/approximate on every grid, and /approximate/compare with the lines of theory."""

import numpy as np
import pytest
from problem import refusal

RUNGE = {"function": "1/(1 + 25*x^2)", "interval": [-1, 1]}
EXP = {"function": "exp(x)", "interval": [0, 5]}
FIXED = ["equidistant", "chebyshev", "curvature", "greedy"]


def answered(client, path, **question):
    response = client.post(path, json=question)
    assert response.status_code == 200, response.text
    return response.json()


def approximate(client, **question):
    return answered(client, "/approximate", **question)


@pytest.mark.parametrize("grid", FIXED)
@pytest.mark.parametrize("question", [RUNGE, EXP])
def test_a_tolerance_on_a_grid_gets_the_fewest_points_and_its_proof(client, question, grid):
    tolerance = 0.02
    answer = approximate(client, **question, grid=grid, tolerance=tolerance)
    assert answer["max_error"] <= answer["error_bound"] <= tolerance
    assert answer["minimality"] is None
    n = len(answer["grid"])
    # A proof is 0.5 % coarser than what is met: one point fewer misses all but that.
    fewer = approximate(client, **question, grid=grid, n=n - 1)
    assert fewer["max_error"] > 0.99 * tolerance


@pytest.mark.parametrize("grid", ["curvature", "greedy"])
def test_points_where_f_bends_beat_equal_distances(client, grid):
    even = approximate(client, **EXP, n=17)
    bent = approximate(client, **EXP, n=17, grid=grid)
    least = approximate(client, **EXP, n=17, grid="minimal")
    values = np.exp(bent["grid"])
    assert bent["values"] == pytest.approx(values)
    assert 4 * bent["max_error"] < even["max_error"]
    # Free values halve the error at best.
    assert least["error_bound"] <= bent["max_error"] < 2.5 * least["error_bound"]


def test_greedy_segments_have_equal_errors(client):
    answer = approximate(client, **EXP, n=12, grid="greedy")
    bounds = [one["bound"] for one in answer["certificate"]]
    assert np.ptp(bounds[:-1]) < 0.05 * max(bounds)


def test_every_grid_is_compared_and_falls_like_h_squared(client):
    answer = answered(client, "/approximate/compare", **RUNGE, n=[33, 65])
    rows = answer["experiments"]
    assert [row["grid"] for row in rows[::2]] == [*FIXED, "minimal"]
    for row in rows[1::2]:
        assert row["observed_order"] == pytest.approx(2, abs=0.5)
    errors = {row["grid"]: row["max_error"] for row in rows[1::2]}
    assert min(errors, key=errors.get) == "minimal"


def test_the_lines_of_theory_are_those_of_the_exponential(client):
    # On [0, 5] max|f''| = e^5, and the integral of the root of e^x is 2 (e^2.5 - 1).
    answer = answered(client, "/approximate/compare", **EXP, n=[33, 65], grids=["minimal"])
    root = 2 * (np.exp(2.5) - 1)
    for line in answer["theory"]:
        segments = line["n"] - 1
        assert line["equidistant"] == pytest.approx((5 / segments) ** 2 / 8 * np.exp(5), rel=1e-6)
        assert line["free_knots"] == pytest.approx(root**2 / 8 / segments**2, rel=1e-4)
        assert line["free_values"] == pytest.approx(line["free_knots"] / 2)
    # The least error tends to the last line from below: its ends are free.
    measured = [row["max_error"] for row in answer["experiments"]]
    lines = [line["free_values"] for line in answer["theory"]]
    assert 0.98 < measured[1] / lines[1] < 1.01


def test_where_f_has_no_second_derivative_there_is_no_line(client):
    root = {"function": "sqrt(x)", "interval": [0, 1]}
    answer = answered(client, "/approximate/compare", **root, n=[5, 9], grids=["equidistant"])
    assert [line["equidistant"] for line in answer["theory"]] == [None, None]
    # The error of the first segment, sqrt(h)/4, is the largest: order 1/2.
    assert answer["experiments"][1]["observed_order"] == pytest.approx(0.5, abs=0.01)


def test_theory_is_drawn_beside_the_errors(client):
    response = client.post(
        "/approximate/compare", json=RUNGE | {"n": [9, 17]}, headers={"Accept": "image/svg+xml"}
    )
    assert response.status_code == 200
    for label in ("minimal", "greedy", "max|f″|", "half of it"):
        assert label in response.text


def test_what_would_take_too_many_points_is_refused(client, open_service):
    small = open_service(max_points=100)
    question = EXP | {"grid": "equidistant", "tolerance": 1e-6}
    refusal(small.post("/approximate", json=question), 422, "/tolerance", "at most 100")
    few = open_service(max_operations=2e9)
    question = EXP | {"grid": "greedy", "tolerance": 1e-4}
    refusal(few.post("/approximate", json=question), 422, "", "operations", "respond-async")
    for grid in FIXED:
        lost = EXP | {"grid": grid, "tolerance": 1e-300}
        refusal(client.post("/approximate", json=lost), 422, "/tolerance", "lost in rounding")
