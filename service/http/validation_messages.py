"""Sentences for the validation errors of pydantic."""

from typing import Any

from core.errors import counted
from service.http.problems import FieldProblem, pointer

FINITE = "a number has to be finite, and within ±1.797e308"

MESSAGES = {
    "finite_number": FINITE,
    "extra_forbidden": "there is no such key here",
    "missing": "this key is missing",
    "model_type": "this has to be an object",
    "model_attributes_type": "this has to be an object",
    "list_type": "this has to be an array",
    "float_type": "this has to be a number",
    "int_type": "this has to be an integer",
    "int_from_float": "this has to be an integer",
    "int_parsing": "this has to be an integer",
    "float_parsing": "this has to be a number",
    "bool_type": "this has to be true or false",
    "string_type": "this has to be a text",
}
"""By pydantic's name of what is wrong; the others keep pydantic's own words."""

BOUNDS = {
    "too_short": "expected at least {min_length}",
    "too_long": "expected at most {max_length}",
}


def field_problem(found: dict[str, Any], similar: str | None = None) -> FieldProblem:
    """An entry of `RequestValidationError.errors()`, with a known key like an unknown one."""
    advice = f'; did you mean "{similar}"?' if similar else ""
    return FieldProblem(pointer(found["loc"]), _sentence(found) + advice)


def _sentence(found: dict[str, Any]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "float_type" and type(found["input"]) is int:
        return FINITE  # an integer that is no float
    if kind in BOUNDS:
        entries = counted(context["actual_length"], "entry", "entries")
        return f"this has {entries}, {BOUNDS[kind].format(**context)}"
    return MESSAGES.get(kind) or found["msg"][:1].lower() + found["msg"][1:]
