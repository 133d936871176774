"""What endpoints say of themselves in the OpenAPI document: refusals, examples, forms."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.http.content_negotiation import PICTURE_TYPES
from service.http.problems import Problem

_PACKAGE = Path(__file__).parents[1]
EXAMPLES = next(
    folder
    for folder in (_PACKAGE / "examples", _PACKAGE.parent / "openapi" / "examples")
    if folder.is_dir()
)
"""In an installed package inside `service`, in a checkout beside it."""

SCHEMAS_OF_BODY = "x-schemas"
Responses = dict[int | str, dict[str, Any]]

NOT_MODIFIED: Responses = {304: {"description": "The answer of that ETag still stands."}}

REASONS = {
    400: "The body is not encoded as it says, or is not whole.",
    401: "An API key is asked for here: `Authorization: Bearer chainrule_…`.",
    404: "There is no such thing here.",
    406: "None of the media types of this answer is accepted.",
    408: "The body took too long to arrive.",
    409: "The job is past that, or not there yet.",
    412: "The resource has changed since the version in `If-Match`.",
    413: "The body is longer than the server takes.",
    415: "The body is of a media type, or in an encoding, that is not taken here.",
    421: "Without API keys the service answers to `localhost` alone.",
    422: "The numbers do not fit; `errors` points at them.",
    429: "Your requests or operations are used up; `Retry-After` says when there are more.",
    503: "Too much is waiting already; `Retry-After` says when to come back.",
}


def error_responses(*statuses: int) -> Responses:
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


def example_responses(endpoint: str, status: int = 200) -> Responses:
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


def request_body(model: type[BaseModel], files: dict[str, Any], description: str) -> dict[str, Any]:
    """Declare a body that is JSON or a file, for an endpoint's `openapi_extra`.

    FastAPI declares the bodies that it reads itself; `describe` moves these schemas to the others.
    """
    schemas = models_json_schema(
        [(model, "validation")], ref_template="#/components/schemas/{model}"
    )[1]["$defs"]
    reference = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}
    content = {"application/json": reference} | files
    return {
        "requestBody": {"required": True, "description": description, "content": content},
        SCHEMAS_OF_BODY: schemas,
    }


def _read(endpoint: str, half: str) -> dict[str, Any]:
    """The named halves of the pairs, as OpenAPI wants examples."""
    found = {
        path.name.split(".")[1]: json.loads(path.read_text())
        for path in sorted(EXAMPLES.glob(f"{endpoint}.*.{half}.json"))
    }
    return {
        name: {"summary": name.replace("-", " "), "value": value} for name, value in found.items()
    }
