"""The contract is a file: committed, complete, and the one that is served."""

import json
from pathlib import Path

import pytest
from jsonschema_rs import meta

from service.http.problems import Problem
from service.inference.errors import is_inference
from service.openapi.responses import REASONS
from tests.contract.application import APP

COMMITTED = Path(__file__).parents[2] / "openapi" / "openapi.json"
DOCUMENT = APP.openapi()
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
PROBLEM = {"$ref": "#/components/schemas/Problem"}
BODIES = {
    "/datasets": {
        "text/csv",
        "text/tab-separated-values",
        "application/json",
        "application/x-npz",
    },
    "/v2/models/{name}/infer": {"application/json", "application/octet-stream"},
    "/v2/models/{name}/versions/{version}/infer": {"application/json", "application/octet-stream"},
    "/models": {"application/json", "application/octet-stream"},
    "/models/{name}/predict": {"application/json", "text/csv"},
    "/train/{id}/predict": {"application/json", "text/csv"},
}
each_operation = pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)


def test_the_committed_contract_is_the_one_we_serve():
    # `make contract` writes it.
    assert json.loads(COMMITTED.read_text()) == DOCUMENT


@each_operation
def test_every_operation_says_what_it_does(path, method, operation):
    assert operation["summary"]
    assert operation["tags"]
    if "requestBody" in operation:
        assert operation["description"]
    for parameter in operation.get("parameters", []):
        assert parameter["schema"]
        assert "null" not in str(parameter["schema"])
        assert parameter.get("description") or parameter["schema"].get("description")
    assert "`" not in operation["summary"]


@each_operation
def test_every_refusal_is_a_problem_with_a_reason(path, method, operation):
    for status, response in operation["responses"].items():
        if status >= "400" and is_inference(path):
            schema = response["content"]["application/json"]["schema"]
            assert schema["properties"].keys() == {"error"}
        elif status >= "400":
            assert response["content"]["application/problem+json"]["schema"] == PROBLEM
            assert response["content"].keys() == {"application/problem+json"}
            assert response["description"] == REASONS[int(status)]


@each_operation
def test_every_operation_with_a_body_refuses_bodies(path, method, operation):
    if "requestBody" in operation:
        wrong = "400" if is_inference(path) else "422"
        assert {"413", "415", wrong, "503"} <= operation["responses"].keys()
        assert operation["requestBody"]["required"]
        assert operation["requestBody"]["content"].keys() == BODIES.get(path, {"application/json"})
    if "{id}" in path:
        assert "404" in operation["responses"]


def test_operation_ids_are_unique():
    names = [operation.values[2]["operationId"] for operation in OPERATIONS]
    assert len(set(names)) == len(names)


def test_the_schema_of_a_problem_has_the_keys_of_a_problem():
    schema = DOCUMENT["components"]["schemas"]["Problem"]
    assert set(schema["required"]) == set(Problem.__dataclass_fields__)


def test_every_key_of_every_answer_is_required():
    # Null says "not yet"; a missing key says nothing.
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith("Answer"):
            assert set(schema["required"]) == set(schema["properties"]), name


def test_every_object_of_a_question_forbids_unknown_keys():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith(("Question", "Form")):
            assert schema["additionalProperties"] is False, name


def test_every_schema_is_one():
    for schema in DOCUMENT["components"]["schemas"].values():
        meta.validate(schema)
