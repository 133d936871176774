"""The OpenAPI document as validators and generators of others take it."""

import json
from pathlib import Path

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.contract.application import APP

ROOT = Path(__file__).parents[2]
DOCUMENT = APP.openapi()
NULL = {"type": "null"}
OF_3_2 = {"itemSchema", "itemEncoding", "prefixEncoding", "additionalOperations", "$self"}
"""Fields that OpenAPI 3.2 has added: unknown in a document of 3.1."""


def nodes(node, place=""):
    """Every object in the document with its place, but for the values of examples."""
    if isinstance(node, dict):
        yield place, node
        for key, child in node.items():
            if key not in ("value", "example", "default"):
                yield from nodes(child, f"{place}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from nodes(child, f"{place}/{index}")


def test_the_document_is_openapi_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_no_field_is_of_a_later_version():
    assert [place for place, node in nodes(DOCUMENT) if OF_3_2 & node.keys()] == []


def test_null_is_an_alternative_once():
    for place, node in nodes(DOCUMENT):
        alternatives = [NULL] if node.get("nullable") else []
        pending = list(node.get("anyOf", ()))
        while pending:
            alternative = pending.pop()
            alternatives.append(alternative)
            name = alternative.get("$ref", "").rpartition("/")[2]
            target = DOCUMENT["components"]["schemas"][name] if name else alternative
            pending += target.get("anyOf", ())
        assert alternatives.count(NULL) <= 1, place


def examples():
    for place, node in nodes(DOCUMENT["paths"]):
        if "schema" not in node:
            continue
        for name, example in node.get("examples", {}).items():
            yield pytest.param(node["schema"], example["value"], id=f"{place} {name}")
        if "example" in node:
            yield pytest.param(node["schema"], node["example"], id=place)


@pytest.mark.parametrize(("schema", "value"), list(examples()))
def test_every_example_conforms_to_its_schema(schema, value):
    resource = Resource(DOCUMENT, specification=DRAFT202012)
    registry = Registry().with_resource("urn:chainrule", resource)
    located = json.loads(json.dumps(schema).replace('"#/', '"urn:chainrule#/'))
    OAS31Validator(located, registry=registry).validate(value)


def test_a_response_example_keeps_its_nulls():
    shown = DOCUMENT["paths"]["/train"]["post"]["responses"]["202"]["content"]
    (example, *_) = shown["application/json"]["examples"].values()
    assert example["value"]["finished_at"] is None


def test_every_schema_is_used_and_every_operation_has_one_name():
    text = json.dumps(DOCUMENT)
    for name in DOCUMENT["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
    operations = [
        operation["operationId"]
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
    ]
    assert len(set(operations)) == len(operations)


def test_the_document_says_how_a_client_authenticates():
    (scheme,) = DOCUMENT["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert {} in DOCUMENT["security"]  # a service without API keys needs none


def test_no_word_of_the_document_depends_on_the_version_of_python():
    # The names of statuses in Python's `http` changed with 3.13.
    uses = [
        path.name
        for path in (ROOT / "service").rglob("*.py")
        if "HTTPStatus" in path.read_text("utf-8")
    ]
    assert uses == []
