"""Parts of the OpenAPI document that endpoints declare: errors, examples, media types."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from service.http.content_negotiation import PICTURE_TYPES
from service.http.problems import PHRASES, Problem

_PACKAGE = Path(__file__).parents[1]
EXAMPLES = next(
    folder
    for folder in (_PACKAGE / "examples", _PACKAGE.parent / "openapi" / "examples")
    if folder.is_dir()
)
"""Inside `service` in an installed package, beside it in a checkout."""

SCHEMAS_OF_BODY = "x-schemas"
Responses = dict[int | str, dict[str, Any]]

NOT_MODIFIED: Responses = {
    304: {"description": "The representation with that ETag is still current."}
}

REASONS = {
    400: "The body is not encoded as declared, or is incomplete.",
    401: "An API key is required: `Authorization: Bearer chainrule_…`.",
    404: "The resource does not exist.",
    406: "None of the media types of this answer is accepted.",
    408: "The body did not arrive in time.",
    409: "The state of the job does not allow this.",
    412: "The resource has changed since the version in `If-Match`.",
    413: "The body is longer than the limit.",
    415: "The media type or the encoding of the body is not supported.",
    421: "Without API keys the service answers to `localhost` only.",
    422: "The request is invalid; `errors` points at the wrong values.",
    429: "The rate limit is reached; `Retry-After` says when to try again.",
    503: "The service is at capacity; `Retry-After` says when to try again.",
}


def error_responses(*statuses: int) -> Responses:
    """The problem documents that an endpoint may answer, for its `responses`."""
    return {
        status: {
            "model": Problem,
            "description": REASONS.get(status, PHRASES[status]),
        }
        for status in statuses
    }


def examples(endpoint: str) -> dict[str, Any]:
    """The committed requests of an endpoint, for `Body(openapi_examples=…)`.

    A pair is `{endpoint}.{name}.request.json` and `….response.json`; the name becomes the title.
    """
    return _read(endpoint, "request")


def example_responses(endpoint: str, status: int = 200) -> Responses:
    """The committed responses to those requests, for the endpoint's `responses`."""
    return {status: {"content": {"application/json": {"examples": _read(endpoint, "response")}}}}


def with_pictures(responses: Responses) -> Responses:
    """Return the responses with pictures among the media types of 200."""
    shown = dict(responses.get(200, {}))
    content = shown.get("content", {}) | {
        media_type: {"schema": {"type": "string", "format": "binary"}}
        for media_type in PICTURE_TYPES
    }
    described = {"description": "In the media type that `Accept` selects.", "content": content}
    return responses | {200: shown | described}


def request_body(
    model: type[BaseModel], files: dict[str, Any], description: str, example: Any
) -> dict[str, Any]:
    """Declare a body that is JSON or a file, for an endpoint's `openapi_extra`.

    FastAPI declares the bodies that it reads itself; `describe` moves these schemas to the others.
    """
    schemas = models_json_schema(
        [(model, "validation")], ref_template="#/components/schemas/{model}"
    )[1]["$defs"]
    reference = {"$ref": f"#/components/schemas/{model.__name__}"}
    content = {"application/json": {"schema": reference, "example": example}} | files
    return {
        "requestBody": {"required": True, "description": description, "content": content},
        SCHEMAS_OF_BODY: schemas,
    }


FILE = "$file"
"""In the place of an example's value until FastAPI, which drops nulls from values, is done."""


def fill_in_examples(node: Any) -> None:
    """Replace the names of example files in an OpenAPI document by their contents."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, dict) and FILE in value:
                node[key] = json.loads((EXAMPLES / value[FILE]).read_text("utf-8"))
            else:
                fill_in_examples(value)
    elif isinstance(node, list):
        for value in node:
            fill_in_examples(value)


def _read(endpoint: str, half: str) -> dict[str, Any]:
    """The files of one half of the pairs, in the form of OpenAPI's `examples`."""
    paths = sorted(EXAMPLES.glob(f"{endpoint}.*.{half}.json"))
    names = {path.name.split(".")[1]: path.name for path in paths}
    return {
        name: {"summary": name.replace("-", " "), "value": {FILE: file}}
        for name, file in names.items()
    }
