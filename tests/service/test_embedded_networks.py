"""/approximate for use elsewhere: outside the interval, with short numbers, in C."""

import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from problem import refusal

SINE = {"function": "sin(x)", "interval": [0.3, 3]}
TABLE = {"samples": {"x": [0, 1, 2, 4], "y": [1, 0.5, 2, 1.25]}}
ROUNDING = 1e-12


def approximate(client, **question):
    response = client.post("/approximate", json=question)
    assert response.status_code == 200, response.text
    return response.json()


def refused(client, pointer, *words, **question):
    refusal(client.post("/approximate", json=question), 422, pointer, *words)


def outputs(client, answer, x):
    question = {"network": answer["network"], "x": np.reshape(x, (-1, 1)).tolist()}
    response = client.post("/forward", json=question | {"intermediates": False})
    return np.ravel(response.json()["output"])


@pytest.mark.parametrize("short", [{}, {"precision": "float32"}, {"quantize": {"bits": 20}}])
@pytest.mark.parametrize("outside", ["linear", "clamp"])
@pytest.mark.parametrize("question", [SINE | {"n": 9}, SINE | {"tolerance": 1e-3}, TABLE])
def test_outside_it_goes_on_straight_or_stays(client, question, outside, short):
    answer = approximate(client, **question, outside=outside, **short)
    grid, values = np.array(answer["grid"]), np.array(answer["values"])
    slopes = np.diff(values)[[0, -1]] / np.diff(grid)[[0, -1]] * (outside == "linear")
    away = np.array([0.5, 1.0, 2.0])
    left, right = outputs(client, answer, grid[0] - away), outputs(client, answer, grid[-1] + away)
    near = {"abs": 1e-12 if not short else 1e-4}  # the λ that ends a slope is short as well
    assert left == pytest.approx(values[0] - slopes[0] * away, **near)
    assert right == pytest.approx(values[-1] + slopes[1] * away, **near)
    assert outputs(client, answer, grid) == pytest.approx(values, abs=ROUNDING)
    assert answer["residual"] <= ROUNDING
    assert answer["system"] is None
    assert (answer["directions"] is None) == (outside == "clamp")


@pytest.mark.parametrize("outside", [None, "linear", "clamp"])
def test_the_bounds_of_the_units_are_reached_and_not_left(client, outside):
    answer = approximate(client, **SINE, n=7, outside=outside)
    hidden = answer["network"]["layers"][0]
    x = np.linspace(*SINE["interval"], 1001)
    s = x[:, None] * np.ravel(hidden["weights"]) + hidden["biases"]
    bounds = answer["pre_activation_bounds"]
    assert s.min(axis=0) == pytest.approx(bounds["lower"], abs=1e-14)
    assert s.max(axis=0) == pytest.approx(bounds["upper"], abs=1e-14)


@settings(max_examples=25)
@given(
    tolerance=st.floats(-3, -1).map(lambda e: 10.0**e),
    side=st.sampled_from(["both", "below", "above"]),
    short=st.sampled_from(
        [{"precision": "float32"}, {"quantize": {"bits": 16}}, {"quantize": {"bits": 24}}]
    ),
)
def test_the_guarantee_covers_what_rounding_does(client, tolerance, side, short):
    answer = approximate(client, **SINE, tolerance=tolerance, side=side, **short)
    x = np.linspace(*SINE["interval"], 2001)
    off = outputs(client, answer, x) - np.sin(x)
    low, high = {"both": (-1, 1), "below": (-1, 0), "above": (0, 1)}[side]
    assert low * tolerance - ROUNDING <= off.min()
    assert off.max() <= high * tolerance + ROUNDING
    assert np.abs(off).max() - ROUNDING <= answer["error_bound"] <= tolerance
    assert 0 < answer["rounding"]["error"] < tolerance


@pytest.mark.parametrize("grid", ["equidistant", "minimal", "greedy"])
def test_a_network_of_n_short_numbers_has_its_own_bound(client, grid):
    exact = approximate(client, **SINE, n=9, grid=grid)
    short = approximate(client, **SINE, n=9, grid=grid, quantize={"bits": 10})
    x = np.linspace(*SINE["interval"], 2001)
    off = np.abs(outputs(client, short, x) - np.sin(x)).max()
    assert exact["error_bound"] < off <= short["error_bound"]
    assert short["error_bound"] <= exact["error_bound"] + short["rounding"]["error"] * 1.001
    steps = short["rounding"]
    for name, step in (("knots", "knot_step"), ("lambdas", "lambda_step")):
        integers = np.array(short[name]) / steps[step]
        assert (integers == np.round(integers)).all()
        assert np.abs(integers).max() < 2**9
    assert np.log2(steps["lambda_step"]) % 1 == 0


def test_float32_numbers_are_floats_of_32_bits(client):
    answer = approximate(client, **SINE, n=9, precision="float32")
    for name in ("knots", "lambdas"):
        assert (np.array(answer[name], np.float32) == answer[name]).all()
    assert answer["rounding"]["knot_step"] is answer["rounding"]["lambda_step"] is None


def test_a_table_keeps_its_tolerance_with_short_numbers(client):
    x = np.linspace(0, 3, 200)
    samples = {"x": x.tolist(), "y": np.sin(x).tolist()}
    answer = approximate(client, samples=samples, tolerance=1e-2, quantize={"bits": 14})
    assert answer["max_error"] <= 1e-2
    assert np.abs(outputs(client, answer, x) - np.sin(x)).max() <= 1e-2 + ROUNDING


def test_bits_that_are_too_few_for_the_tolerance_are_refused(client):
    refused(client, "/tolerance", "rounding", **SINE, tolerance=1e-4, quantize={"bits": 8})
    refused(client, "/quantize/bits", **SINE, n=5, quantize={"bits": 3})
    refused(client, "/quantize", "the same", **SINE, n=500, quantize={"bits": 8})


PROGRAM = """
#include <stdio.h>
#include "network.h"
int main(void)
{
    double x;
    while (scanf("%la", &x) == 1) {
        printf("%a\\n", relu_network(x));
    }
    return 0;
}
"""
STRICT = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffp-contract=off"]


def compiled(header, folder, x):
    (folder / "network.h").write_text(header)
    (folder / "main.c").write_text(PROGRAM)
    subprocess.run(["gcc", *STRICT, "main.c", "-o", "network"], cwd=folder, check=True)
    spoken = "\n".join(float(number).hex() for number in x)
    run = subprocess.run(
        [folder / "network"], input=spoken, capture_output=True, text=True, check=True
    )
    return np.array([float.fromhex(line) for line in run.stdout.split()])


@pytest.mark.parametrize(
    "question",
    [
        SINE | {"n": 12},
        SINE | {"tolerance": 1e-4, "outside": "clamp"},
        SINE | {"n": 12, "outside": "linear", "quantize": {"bits": 16}},
        SINE | {"n": 2, "precision": "float32"},
        TABLE,
    ],
)
def test_the_compiled_header_is_the_network(client, tmp_path, question):
    answer = approximate(client, **question)
    response = client.post("/approximate", json=question, headers={"Accept": "text/x-c"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/x-c; charset=utf-8"
    assert "Accept" in response.headers["Vary"]
    inside, around = np.array(answer["grid"]), np.linspace(-3, 7, 300)
    # At the bends the values of the answer to the last bit, elsewhere as /forward sums them up.
    assert (compiled(response.text, tmp_path, inside) == answer["values"]).all()
    assert compiled(response.text, tmp_path, around) == pytest.approx(
        outputs(client, answer, around), abs=1e-4 if "quantize" in question else 1e-6
    )


def test_the_derivatives_are_formulas_that_can_be_asked_about(client):
    question = {"interval": [0.5, 2], "n": 3}
    answer = approximate(client, function="x*sin(x^2) + abs(x - 1)", **question)
    grid = np.array(answer["grid"])
    first = approximate(client, function=answer["derivatives"]["first"], **question)
    second = approximate(client, function=answer["derivatives"]["second"], **question)
    u = grid**2
    assert first["values"] == pytest.approx(np.sin(u) + 2 * u * np.cos(u) + np.sign(grid - 1))
    assert second["values"] == pytest.approx(6 * grid * np.cos(u) - 4 * grid**3 * np.sin(u))
    assert first["derivatives"]["first"] == answer["derivatives"]["second"]
    assert approximate(client, **TABLE)["derivatives"] is None
