"""The fast parser of large bodies says what the strict one says, on every document."""

import json
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from problem import refusal
from questions import changed

from service.serialization.json_parser import LARGE_BYTES, InvalidJson, parse, parse_strictly
from service.serialization.simdjson_reader import MAX_KEYS, SHORT

JSON = {"Content-Type": "application/json"}
PADDING = " " * LARGE_BYTES

NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
LONG = st.lists(NUMBERS, min_size=SHORT + 1, max_size=SHORT + 5)
ROWS = st.integers(1, 40).flatmap(
    lambda width: st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1)
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, LONG, ROWS)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(TEXTS, inner)),
    max_leaves=20,
)


def plain(value):
    """Arrays as lists, numbers as floats: what a form makes of either."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def same(left, right) -> bool:
    """Equal to the last bit, including the sign of zero; true is not 1."""
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(left[key], right[key]) for key in left)
        )
    if isinstance(left, float) and isinstance(right, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return type(left) is type(right) and left == right


def outcome(parser, text: str):
    try:
        return plain(parser((text + PADDING).encode()))
    except InvalidJson as error:
        return str(error)


@settings(max_examples=100)
@given(document=DOCUMENTS)
@example(document=[[1.0, [2.0]], 3.0])
@example(document={"x": [[1, 2], [3]]})
@example(document={"": [0.5], "\0": 0.5, "x\0y": 1, "x": 2})
@example(document=[1, {str(key): 1 for key in range(MAX_KEYS + 1)}])
@example(document=[0.5] * SHORT + [[1]])
@example(document=[0.5] * SHORT + [True])
@example(document=[0.5] * SHORT + [None])
@example(document=[0.5] * SHORT + ["1"])
@example(document=[0.5] * SHORT + [{}])
@example(document=[[0.5] * 200, []])
@example(document=[[], [0.5] * 200])
@example(document=[[0.5] * 200, [0.5] * 199 + [[1]]])
@example(document=[[0.5, [1], 0.5]] * 99)
@example(document=[2**64] * 200)
@example(document=[-(2**63) - 1] * 200)
@example(document=[0.5] * SHORT + [-0.0, 5e-324, 1.7976931348623157e308])
def test_both_parsers_read_the_same_document(document):
    text = json.dumps(document)
    assert same(outcome(parse, text), outcome(parse_strictly, text))


CHARACTERS = st.text(st.sampled_from(list('[]{}",:0123456789.eE+-truefalsn\\ \n/*NI')), max_size=30)


@settings(max_examples=500)
@given(text=st.one_of(CHARACTERS, st.text(max_size=20).filter(lambda t: t.isprintable())))
@example(text='{"a": 1, "a": 2}')
@example(text='{"a": {"b": [1, 2], "b": 3}}')
@example(text='{"a": 1, "\\u0061": 2}')
@example(text="[1e999]")
@example(text="[-1e999, 1]")
@example(text="[NaN]")
@example(text='["\\ud800"]')
@example(text="[1,]")
@example(text="")
def test_both_parsers_refuse_the_same_texts(text):
    assert same(outcome(parse, text), outcome(parse_strictly, text))


def test_what_is_long_becomes_an_array_and_nothing_else_does():
    document = {
        "x": [[1, 2]] * SHORT,
        "n": [5] * SHORT,
        "long": [5] * (SHORT + 1),
        "s": ["a"] * 200,
    }
    value = parse((json.dumps(document) + PADDING).encode())
    kinds = {key: type(one) for key, one in value.items()}
    assert kinds == {"x": np.ndarray, "n": list, "long": np.ndarray, "s": list}


@pytest.mark.parametrize(
    ("path", "pointer", "value", "wrong", "words"),
    [
        ("/forward", "/x", [[1.0, 2.0]] * 5000 + [[1.0]], "/x/5000", "row 5001 has 1"),
        ("/forward", "/x", [[1.0, 2.0]] * 5000 + [[1.0, "a"]], "/x/5000/1", "number"),
        ("/forward", "/x", [[1.0, 2.0]] * 5000 + [[1.0, None]], "/x/5000/1", "number"),
        ("/forward", "/x", [[1.0, 2.0]] * 5000 + [[1.0, [2.0]]], "/x/5000/1", "number"),
        ("/forward", "/x", [[1.0, 2.0]] * 5000 + [2.0], "/x/5000", "array"),
        ("/forward", "/x", [1.0] * 9000, "/x", "9000 numbers per sample"),
        ("/forward", "/network/layers/0/biases", [1.0] * 9000, "/network/layers/0/biases", "9000"),
        ("/approximate", "/interval", [0.5] * 9000, "/interval", "9000 entries"),
        ("/approximate/compare", "/n", [4] * 9000, "/n", "9000 entries"),
        ("/train", "/data/y", [[1.0]] * 9000, "/data/y", "y has 9000"),
        ("/train", "/optimizer", [1.0] * 9000, "/optimizer", "an optimizer is one of"),
    ],
)
def test_a_large_body_is_refused_at_the_number_like_a_small_one(
    client, path, pointer, value, wrong, words
):
    body = json.dumps(changed(path, pointer, value)).encode()
    assert len(body) > LARGE_BYTES
    refusal(client.post(path, content=body, headers=JSON), 422, wrong, words)


def test_short_arrays_of_a_large_body_keep_their_integers(client):
    x = np.random.default_rng(1).normal(size=(2000, 2)).tolist()
    question = {
        "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"]},
        "data": {"x": x, "y": [[0.0], [1.0]] * 1000},
        "iterations": 1,
    }
    assert client.post("/train", json=question).status_code == 202


def test_a_large_answer_has_every_digit(client):
    x = np.random.default_rng(2).normal(size=(20_000, 3))
    unit = {"weights": np.eye(3).tolist(), "biases": [0.0] * 3, "activation": "identity"}
    answer = client.post("/forward", json={"network": {"layers": [unit]}, "x": x.tolist()}).json()
    np.testing.assert_array_equal(answer["output"], x)
