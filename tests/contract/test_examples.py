"""The examples of the contract: asked as they stand, answered as they say."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from schemathesis.python.asgi import get_client

from tests.contract.application import APP

EXAMPLES = Path(__file__).parents[2] / "openapi" / "examples"
PATHS = {
    "forward": "/forward",
    "backprop": "/backprop",
    "approximate": "/approximate",
    "compare": "/approximate/compare",
    "solution": "/solution",
    "check": "/check",
    "exercises": "/exercises",
    "train": "/train",
}
REQUESTS = sorted(EXAMPLES.glob("*.request.json"))
OF_THE_MOMENT = {"id": str, "created_at": datetime.fromisoformat}


@pytest.fixture
def client():
    with get_client(APP) as client:
        client.base_url = "http://localhost"
        yield client


def load(path: Path) -> dict:
    return json.loads(path.read_text())


def same(left, right) -> bool:
    """Equal but for the last digits, which are the processor's."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float):
        return left == pytest.approx(right, rel=1e-9, abs=1e-12)
    return left == right


def test_every_question_has_an_answer_and_every_endpoint_a_question():
    names = {path.name.removesuffix(".request.json") for path in REQUESTS}
    answers = {
        path.name.removesuffix(".response.json") for path in EXAMPLES.glob("*.response.json")
    }
    assert names == answers
    assert {name.split(".")[0] for name in names} == PATHS.keys()


@pytest.mark.parametrize("request_file", REQUESTS, ids=lambda path: path.name[:-13])
def test_an_example_is_answered_as_it_says(client, request_file):
    endpoint, name, *_ = request_file.name.split(".")
    answer = client.post(PATHS[endpoint], json=load(request_file))
    expected = load(EXAMPLES / f"{endpoint}.{name}.response.json")
    found = answer.json()
    assert answer.status_code == (202 if endpoint == "train" else 200)
    if endpoint == "train":
        for key, read in OF_THE_MOMENT.items():
            assert read(found.pop(key))
            assert read(expected.pop(key))
    assert same(found, expected)


@pytest.mark.parametrize("request_file", REQUESTS, ids=lambda path: path.name[:-13])
def test_an_example_is_shown_in_the_contract(request_file):
    endpoint, name, *_ = request_file.name.split(".")
    operation = APP.openapi()["paths"][PATHS[endpoint]]["post"]
    shown = operation["requestBody"]["content"]["application/json"]["examples"]
    assert shown[name]["value"] == load(request_file)
