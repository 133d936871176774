"""Refusals of the Open Inference Protocol in the document: `{"error": sentence}`."""

from typing import Any

from service.inference.errors import BAD_REQUEST

ERROR_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
    "example": {"error": "there is no model 'iris'"},
}


def retype_errors(responses: dict[str, Any]) -> None:
    """Declare errors of the protocol, which has 400 for what a problem document has 422 for."""
    wrong = responses.pop("422", None)
    if wrong is not None:
        responses.setdefault(str(BAD_REQUEST), wrong)
    for status, response in responses.items():
        if status >= "4":
            response["content"] = {"application/json": {"schema": ERROR_SCHEMA}}
