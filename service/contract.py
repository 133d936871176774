"""What the OpenAPI document says beyond types: the refusals of each endpoint, and examples."""

import json
from dataclasses import asdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from service.negotiation import PICTURE_TYPES
from service.problems import MEDIA_TYPE, FieldProblem, Problem, problem_of
from service.security.door import PUBLIC

_PACKAGE = Path(__file__).parent
EXAMPLES = next(
    folder
    for folder in (_PACKAGE / "examples", _PACKAGE.parent / "openapi" / "examples")
    if folder.is_dir()
)
"""In an installed package beside this file, in a checkout where the design has them."""

Responses = dict[int | str, dict[str, Any]]
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}

NOT_MODIFIED: Responses = {304: {"description": "The answer of that ETag still stands."}}

DESCRIPTION = """\
Every endpoint has examples that run as they stand: open one and press **Execute**.

The answer is the right result, or a problem document (RFC 9457) that says which number where is
wrong. Numbers are strict: no text, no `true`, no NaN, no duplicate and no unknown keys. Rows of a
matrix are samples, and the answer has the rank of the question: give one sample, or many.
"""

TAGS = [
    {"name": "by hand", "description": "Task 5 of the sheet: every number of a computation."},
    {"name": "approximation", "description": "Task 7: functions and tables as ReLU networks."},
    {"name": "training", "description": "Task 6: train in the background, follow, look, use."},
    {"name": "data", "description": "Toy sets for classification in the plane."},
    {"name": "operation", "description": "For orchestrators and Prometheus."},
]

REASONS = {
    400: "The body is not encoded as it says, or is not whole.",
    401: "An API key is asked for here: `Authorization: Bearer chainrule_…`.",
    404: "There is no such thing here.",
    406: "None of the media types of this answer is accepted.",
    408: "The body took too long to arrive.",
    409: "The job is past that, or not there yet.",
    413: "The body is longer than the server takes.",
    415: "The body is not JSON.",
    421: "Without API keys the service answers to `localhost` alone.",
    422: "The numbers do not fit; `errors` points at them.",
    429: "Your requests or operations are used up; `Retry-After` says when there are more.",
    503: "Too much is waiting already; `Retry-After` says when to come back.",
}

OF_ANY_CALLER = (401, 421, 429, 503)
OF_ANY_BODY = (400, 408)


def refusals(*statuses: int) -> Responses:
    """The problem documents that an endpoint may answer, for its `responses`."""
    return {
        status: {
            "model": Problem,
            "description": REASONS.get(status, HTTPStatus(status).phrase),
        }
        for status in statuses
    }


def examples(endpoint: str) -> dict[str, Any]:
    """The committed questions of an endpoint, for `Body(openapi_examples=…)`.

    A pair is `{endpoint}.{name}.request.json` and `….response.json`; the name becomes the title.
    """
    return _read(endpoint, "request")


def answers(endpoint: str, status: int = 200) -> Responses:
    """The committed answers to those questions, for the endpoint's `responses`."""
    return {status: {"content": {"application/json": {"examples": _read(endpoint, "response")}}}}


def with_pictures(responses: Responses) -> Responses:
    """The same, and the answer 200 as a picture besides."""
    shown = dict(responses.get(200, {}))
    content = shown.get("content", {}) | {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in PICTURE_TYPES
    }
    described = {"description": "In the form that `Accept` asks for.", "content": content}
    return responses | {200: shown | described}


def _read(endpoint: str, half: str) -> dict[str, Any]:
    """The named halves of the pairs, as OpenAPI wants examples."""
    found = {
        path.name.split(".")[1]: json.loads(path.read_text())
        for path in sorted(EXAMPLES.glob(f"{endpoint}.*.{half}.json"))
    }
    return {
        name: {"summary": name.replace("-", " "), "value": value} for name, value in found.items()
    }


def describe(app: FastAPI) -> None:
    """Let the document have titles out of docstrings, and refusals as problem documents."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        known = app.openapi_schema is not None
        document = generate()
        if not known:
            for path, operations in document["paths"].items():
                for operation in operations.values():
                    _title(operation)
                    _refuse_any(path, operation)
                    _retype_problems(operation)
            # FastAPI declares its own form of 422 everywhere; ours has taken its place.
            for unused in ("HTTPValidationError", "ValidationError"):
                document["components"]["schemas"].pop(unused, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _title(operation: dict[str, Any]) -> None:
    """An endpoint's docstring is its title in one sentence, and then what there is to say."""
    title, _, text = operation.pop("description").partition("\n\n")
    operation["summary"] = title.rstrip(".").replace("\n", " ")
    if text:
        operation["description"] = text


def _refuse_any(path: str, operation: dict[str, Any]) -> None:
    """What the door and the transport refuse, whatever the endpoint is."""
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
