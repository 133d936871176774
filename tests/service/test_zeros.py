"""A zero in JSON has no sign, in arrays and elsewhere; a text such as "-0.0" is left alone."""

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest

from service.serialization.json_writer import to_json


@dataclass(frozen=True)
class Answer:
    text: str
    number: float
    numbers: np.ndarray
    more: list[float]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_no_zero_has_a_sign(dtype):
    text = 'said ",-0.0,", and \\'
    numbers = np.array([[-0.0, 1.5], [-0.05, -0.0]], dtype)
    written = to_json(Answer(text, -0.0, numbers, [-0.0, 0.25, -0.05, -0.0]))
    read = json.loads(written)
    assert read["text"] == text
    for zero in (read["number"], read["numbers"][0][0], read["numbers"][1][1], read["more"][3]):
        assert (zero, str(zero)) == (0.0, "0.0")
    assert (read["more"][2], read["numbers"][0][1]) == (-0.05, 1.5)
    assert to_json(-0.0) == b"0.0"
    assert to_json(np.arange(3)) == b"[0,1,2]"


def test_a_backward_pass_through_a_dead_relu_has_zeros_without_a_sign(client):
    network = {
        "layers": [
            {"weights": [[1.0], [-1.0]], "biases": [-5.0, 0.0], "activation": "relu"},
            {"weights": [[-1.0, -2.0]], "biases": [0.0], "activation": "identity"},
        ]
    }
    answer = client.post("/backprop", json={"network": network, "x": [1.0], "y": [3.0]})
    assert answer.status_code == 200
    assert "-0.0," not in answer.text
    assert "-0.0]" not in answer.text
    assert "-0.0}" not in answer.text


DOCUMENTS = ("text/markdown", "application/x-tex", "text/html")
SIGNED_ZERO = re.compile(r"(?<![\d\w])[-−]0(\.0+)?(?![\d.eE])|[-−] 0(\.0+)? *\\operatorname")
DUST = re.compile(r"\d[eE]-(1[4-9]|[2-9]\d)|10\^\{-(1[4-9]|[2-9]\d)\}")


def texts_of(client, path, body):
    """The documents of an answer, each by its media type."""
    for accept in DOCUMENTS:
        answer = client.post(path, json=body, headers={"Accept": accept})
        assert answer.status_code == 200, answer.text
        yield answer.text


@pytest.mark.parametrize(
    ("function", "interval"),
    [
        ("sin(x)", [0, "2*pi"]),
        ("cos(x)", ["-pi", "pi"]),
        ("sin(pi*x)", [-1, 1]),
        ("cos(3*x)", ["-pi/2", "pi/2"]),
        ("x^3 - x", [-1, 1]),
        ("abs(x - 0.1) - 0.2", [-0.1, 0.3]),
    ],
)
@pytest.mark.parametrize("grid", ["equidistant", "chebyshev"])
def test_what_is_zero_by_hand_is_zero_in_the_documents_of_an_approximation(
    client, function, interval, grid
):
    body = {"function": function, "interval": interval, "n": 5, "grid": grid}
    for text in texts_of(client, "/approximate?decimals=3", body):
        assert not SIGNED_ZERO.search(text), text
    for text in texts_of(client, "/approximate", body):
        assert not SIGNED_ZERO.search(text), text
        assert not DUST.search(text), text


@pytest.mark.parametrize("seed", range(4))
def test_no_zero_of_a_worked_solution_has_a_sign(client, seed):
    generator = np.random.default_rng(seed)
    layers = [
        {
            "weights": generator.normal(0, 0.5, (3, 2)).round(2).tolist(),
            "biases": [0.0, -9.0, 0.1],
            "activation": "relu",
        },
        {
            "weights": generator.normal(0, 0.05, (1, 3)).round(3).tolist(),
            "biases": [0.0],
            "activation": str(generator.choice(["sigmoid", "identity", "tanh"])),
        },
    ]
    body = {"network": {"layers": layers}, "x": [0.5, -1.0], "y": [0.5], "eta": 0.1}
    for digits in ({}, {"decimals": 1}, {"decimals": 2, "rounding": "each_step"}):
        for text in texts_of(client, "/solution", body | digits):
            assert not SIGNED_ZERO.search(text), SIGNED_ZERO.search(text)
            assert not DUST.search(text), DUST.search(text)


def test_the_pattern_finds_zeros_with_a_sign_and_dust():
    for text in ("-0.000", "(−0)", "& -0.00 \\\\", "- 0.000 \\operatorname{ReLU}"):
        assert SIGNED_ZERO.search(text)
    for text in ("-0.001", "x - 0.5", "1 - 0 \\cdot 2", "10-0.0"):
        assert not SIGNED_ZERO.search(text)
    assert DUST.search("1.22e-16")
    assert DUST.search("10^{-17}")
