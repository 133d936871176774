"""A zero in JSON has no sign, in arrays and elsewhere; a text such as "-0.0" is left alone."""

import json
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
