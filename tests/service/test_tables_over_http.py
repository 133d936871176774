"""/approximate of lookup tables: the smallest network within a tolerance of every sample."""

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem import refusal
from scipy.interpolate import make_interp_spline
from scipy.optimize import linprog
from served import served

from tests.patience import patience

seeds = st.integers(0, 2**32 - 1)


def approximate(client, samples, **question):
    response = client.post("/approximate", json={"samples": samples} | question)
    assert response.status_code == 200, response.text
    return response.json()


def refused(client, pointer, *words, **question):
    refusal(client.post("/approximate", json=question), 422, pointer, *words)


def walk(seed, size=40):
    generator = np.random.default_rng(seed)
    x = np.cumsum(generator.uniform(0.1, 1.0, size))
    return x, np.cumsum(generator.standard_normal(size)), generator


@settings(max_examples=20)
@given(seed=seeds, tolerance=st.sampled_from([0.1, 1.0]))
def test_every_sample_is_within_its_share_of_the_tolerance(client, seed, tolerance):
    x, y, generator = walk(seed)
    weights = generator.uniform(0.5, 4.0, len(x))
    samples = {"x": x.tolist(), "y": y.tolist(), "weights": weights.tolist()}
    answer = approximate(client, samples, tolerance=tolerance)
    polyline = make_interp_spline(answer["grid"], answer["values"], k=1)
    off = weights * np.abs(polyline(x) - y)
    assert off.max() <= tolerance + 1e-12
    assert answer["max_error"] == pytest.approx(off.max(), rel=1e-9, abs=1e-12)
    assert answer["rms_error"] == pytest.approx(np.sqrt(np.mean(off**2)), rel=1e-9, abs=1e-12)
    # NN is smallest, except where it has more points to stay near the samples between them.
    added = len(answer["grid"]) - 1 - answer["minimality"]["segments"]
    overshoot = answer["overshoot"] or {"segments": answer["minimality"]["segments"], "excess": 1}
    assert added >= 0
    assert (added > 0) == (overshoot["excess"] == 0)
    assert overshoot["segments"] == answer["minimality"]["segments"]
    assert answer["error_bound"] is None


def test_the_least_error_of_n_points_is_what_a_tolerance_of_it_needs(client):
    x, y, _ = walk(3)
    samples = {"x": x.tolist(), "y": y.tolist()}
    nearest = approximate(client, samples, n=8)
    assert len(nearest["grid"]) == 8
    again = approximate(client, samples, tolerance=nearest["max_error"] * 1.000001)
    assert len(again["grid"]) == 8
    assert len(approximate(client, samples, tolerance=nearest["max_error"] * 0.999)["grid"]) > 8


def least_error_with_a_break(x, y, at):
    """Return the least t with |p(x) - y| ≤ t for a p of two lines that meet at a break."""
    hats = np.column_stack([np.interp(x, [x[0], at, x[-1]], row) for row in np.eye(3)])
    ones = np.ones((len(x), 1))
    rows = np.vstack([np.hstack([hats, -ones]), np.hstack([-hats, -ones])])
    bounds = [(None, None)] * 3 + [(0, None)]
    return linprog([0, 0, 0, 1], rows, np.concatenate([y, -y]), bounds=bounds).fun


def test_least_error_with_n_points_as_piecewise_linear_fitting_asks(client):
    # The example of pwlf's documentation.
    x = [0.11445023, 0.49628489, 0.67287169, 0.83479312, 0.90068457,
         1.15980533, 1.34981648, 1.52888812, 1.70987057, 1.73051513]  # fmt: skip
    y = [0.0732206, 0.11161097, 0.01289929, -0.02448141, -0.17952348,
         -0.33457269, -0.48479134, -0.83837053, -1.41280894, -1.45807414]  # fmt: skip
    answer = approximate(client, {"x": x, "y": y}, n=3, grid="minimal")
    assert len(answer["grid"]) == 3
    breaks = np.linspace(min(x), max(x), 302)[1:-1]
    least = min(least_error_with_a_break(np.array(x), np.array(y), at) for at in breaks)
    assert answer["max_error"] == pytest.approx(least, rel=5e-3)
    assert answer["max_error"] <= least * (1 + 1e-8)
    assert answer == approximate(client, {"x": x, "y": y}, n=3)
    refused(client, "", "minimal with n", samples={"x": x, "y": y}, grid="minimal")


def test_intervals_are_all_passed(client):
    # The line y = 1 passes [0, 1], [1, 3], [0.5, 1]; nothing else is asked for.
    samples = {"x": [0, 1, 2], "y": [[0, 1], [1, 3], [0.5, 1]]}
    answer = approximate(client, samples)
    assert (len(answer["grid"]), answer["max_error"]) == (2, 0)
    assert answer["values"] == pytest.approx([1, 1])
    samples["y"][1] = [2, 3]
    assert len(approximate(client, samples)["grid"]) == 3
    assert len(approximate(client, samples, tolerance=0.5)["grid"]) == 2


def test_measurements_may_repeat(client):
    samples = {"x": [0, 0, 1, 1, 2], "y": [0, 1, 3, 2, 1]}
    answer = approximate(client, samples, tolerance=0.75)
    off = np.interp(samples["x"], answer["grid"], answer["values"]) - samples["y"]
    assert np.abs(off).max() <= 0.75
    refused(client, "/samples/y/0", "within 0.4", "x = 0", samples=samples, tolerance=0.4)
    refused(client, "/samples/x/1", "values 0.0 and 1.0", "at least 0.5", samples=samples)


def test_samples_in_any_order_are_the_same_table(client):
    samples = {"x": [0, 0.5, 1, 1.9, 2, 2, 2, 2.1, 3], "y": [0, 1, 2, 3, 4, 4, 4, 5, 6]}
    in_order = approximate(client, samples)
    assert in_order["grid"] == [0, 0.5, 1, 1.9, 2, 2.1, 3]
    turned = {name: numbers[::-1] for name, numbers in samples.items()}
    assert approximate(client, turned) == in_order


@pytest.mark.parametrize("question", [{}, {"tolerance": 0.1}, {"precision": "float32"}])
def test_one_point_is_a_constant(client, question):
    answer = approximate(client, {"x": [2, 2], "y": [1, 1]}, **question)
    assert (answer["grid"], answer["values"], answer["bias"]) == ([2], [1], 1)
    assert (answer["lambdas"], answer["max_error"], answer["spacing"]) == ([0], 0, 0)
    body = {"network": answer["network"], "x": [[-9], [2], [1e9]]}
    assert client.post("/forward", json=body).json()["output"] == [[1], [1], [1]]
    question |= {"samples": {"x": [2], "y": [1]}}
    for accept in ("image/png", "text/x-c"):
        drawn = client.post("/approximate", json=question, headers={"Accept": accept})
        assert drawn.status_code == 200
    on_paper = client.post("/approximate", json=question, headers={"Accept": "text/markdown"})
    refusal(on_paper, 422, "/samples/x", "constant")
    refused(
        client, "/quantize", "constant", **question | {"precision": "float64"}, quantize={"bits": 8}
    )


def test_monotone_samples_stay_monotone(client):
    x, y, _ = walk(5)
    samples = {"x": x.tolist(), "y": np.sort(y).tolist()}
    answer = approximate(client, samples, tolerance=0.5)
    assert 2 < len(answer["grid"]) < 40
    assert (np.diff(answer["values"]) >= -1e-12).all()


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"y": [1, 2, 3]}, "/samples/y"),
        ({"y": [[1, 2, 3], [1, 2, 3]]}, "/samples/y"),
        ({"y": [[1, 2], [2, 1]]}, "/samples/y/1"),
        ({"weights": [1]}, "/samples/weights"),
        ({"weights": [1, 0]}, "/samples/weights/1"),
    ],
)
def test_what_is_no_table_is_refused_at_its_place(client, wrong, pointer):
    refused(client, pointer, samples={"x": [0, 1], "y": [0, 1]} | wrong, tolerance=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval": [0, 1]},
        {"grid": "minimal"},
        {"n": 2, "tolerance": 1},
        {"error": "relative", "tolerance": 1},
        {"side": "below", "tolerance": 1},
        {"samples": {"x": [0, 1], "y": [0, 1], "weights": [1, 1]}},
    ],
)
def test_what_does_not_go_together_is_refused(client, wrong):
    refused(client, "", **{"samples": {"x": [0, 1], "y": [0, 1]}} | wrong)


def test_two_hundred_thousand_samples_take_no_minute(tmp_path):
    x = np.linspace(0.0, 10.0, 2 * 10**5)
    y = np.round(np.sin(x) + 0.01 * np.random.default_rng(0).uniform(-1, 1, len(x)), 6)
    question = {"samples": {"x": x.tolist(), "y": y.tolist()}, "tolerance": 0.02}
    with served(tmp_path) as server, httpx.Client(timeout=patience(60)) as client:
        response = client.post(f"{server.address}/approximate", json=question)
    # Within the time limit of an answer, however busy this machine is; else it is about 1 s.
    assert response.status_code == 200, response.text
    answer = response.json()
    # Noise of 0.01 leaves 0.01 of the tolerance; by sine's curvature alone that are 16 segments.
    assert 10 < len(answer["grid"]) < 40
    assert answer["max_error"] <= 0.02 + 1e-12
