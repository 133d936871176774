"""The OpenAPI document as a whole: titles, tags, and what is refused whatever the endpoint is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from service.auth.middleware import PUBLIC
from service.http.json_route import StrictJsonRoute
from service.http.problems import MEDIA_TYPE, FieldProblem, problem_of
from service.inference.errors import is_inference
from service.openapi.inference_errors import retype_errors
from service.openapi.responses import REASONS, SCHEMAS_OF_BODY, fill_in_examples

DESCRIPTION = """\
Every endpoint has examples that run as they stand: open one and press **Execute**.

The answer is the right result, or a problem document (RFC 9457) that says which number where is
wrong. Types are strict: no text, no `true`, no NaN, no duplicate and no unknown keys. Rows of a
matrix are samples, and the answer has the rank of the question: give one sample, or many.
"""

TAGS = [
    {
        "name": "by hand",
        "description": "Every number of a computation, in letters and steps as by hand.",
    },
    {"name": "approximation", "description": "Functions and tables as ReLU networks."},
    {
        "name": "training",
        "description": "Train in the background, follow the job, inspect and use the network.",
    },
    {"name": "data", "description": "Data sets of your own, and toy sets for classification."},
    {"name": "models", "description": "Networks under a name, in versions, that predict."},
    {"name": "inference", "description": "The Open Inference Protocol, version 2."},
    {"name": "operation", "description": "For orchestrators and Prometheus."},
]

PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}
API_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `chainrule_…`; needed where the service was started with API keys.",
}
OF_ANY_CALLER = (401, 421, 429, 503)
OF_ANY_BODY = (400, 408)


def describe(app: FastAPI, root_path: str) -> None:
    """Complete the document: titles from docstrings, problem documents, server and API key."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        known = app.openapi_schema is not None
        if not known:
            for route in app.routes:
                if isinstance(route, StrictJsonRoute):
                    route.declare_responses()
        with _without_head(app):
            document = generate()
        if not known:
            for path, operations in document["paths"].items():
                for operation in operations.values():
                    document["components"]["schemas"] |= operation.pop(SCHEMAS_OF_BODY, {})
                    _title(operation)
                    _never_null(operation)
                    _refuse_any(path, operation)
                    if is_inference(path):
                        retype_errors(operation["responses"])
                    else:
                        _retype_problems(operation)
            _remove_unused(document)
            fill_in_examples(document["paths"])
            document["servers"] = [{"url": root_path or "/"}]
            document["components"]["securitySchemes"] = {"api-key": API_KEY}
            document["security"] = [{}, {"api-key": []}]
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _remove_unused(document: dict[str, Any]) -> None:
    """Remove schemas without a reference, such as FastAPI's own form of 422."""
    schemas = document["components"]["schemas"]
    while True:
        text = json.dumps(document)
        unused = [name for name in schemas if f'"#/components/schemas/{name}"' not in text]
        if not unused:
            return
        for name in unused:
            del schemas[name]


@contextmanager
def _without_head(app: FastAPI) -> Iterator[None]:
    """Leave out HEAD, which every GET has: it would double the operations of the document."""
    routes = (route for route in app.routes if isinstance(route, APIRoute))
    with_head = [methods for route in routes if "HEAD" in (methods := route.methods or set())]
    for methods in with_head:
        methods.discard("HEAD")
    try:
        yield
    finally:
        for methods in with_head:
            methods.add("HEAD")


def _title(operation: dict[str, Any]) -> None:
    """An endpoint's docstring is its title in one sentence, and then what there is to say."""
    title, _, text = operation.pop("description").partition("\n\n")
    # A summary is plain text; only descriptions are Markdown.
    operation["summary"] = title.rstrip(".").replace("\n", " ").replace("`", "")
    if text:
        operation["description"] = text


def _never_null(operation: dict[str, Any]) -> None:
    """What is not said in an address or a header is not there; null is a word of JSON alone."""
    for parameter in operation.get("parameters", ()):
        forms = parameter["schema"].pop("anyOf", [])
        (said,) = [form for form in forms if form != {"type": "null"}] or [{}]
        parameter["schema"] |= said


def _refuse_any(path: str, operation: dict[str, Any]) -> None:
    """Declare the refusals of authentication and transport, which every endpoint has."""
    callers = () if path.startswith(PUBLIC) else OF_ANY_CALLER
    bodies = OF_ANY_BODY if "requestBody" in operation else ()
    for status in (*callers, *bodies):
        operation["responses"].setdefault(str(status), {"description": REASONS[status]})


def _retype_problems(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if "422" in responses and responses["422"]["description"] != REASONS[422]:
        del responses["422"]  # FastAPI's guess: an endpoint that can refuse numbers declares it
    for status, response in responses.items():
        if status >= "4":
            response["content"] = {
                MEDIA_TYPE: {"schema": PROBLEM_SCHEMA, "example": _example(int(status))}
            }


def _example(status: int) -> dict[str, Any]:
    """A problem document of that status, as it might be met."""
    if status == 422:
        detail = "layer 2: weights are 3 × 4, but layer 1 has 3 outputs"
        errors = [FieldProblem("/network/layers/1/weights", detail)]
        return asdict(problem_of(status, detail, errors, kind="shape-mismatch"))
    return asdict(problem_of(status, REASONS[status]))
