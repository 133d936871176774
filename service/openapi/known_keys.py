"""The keys that a request may have at one place, from the contract."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

MIN_LETTERS = 3
"""Shorter keys are the beginning of too many others."""


def similar_key(
    document: dict[str, Any], path: str, method: str, location: Sequence[str | int]
) -> str | None:
    """The known key most like the last one of a location, if any is like it.

    `location` is that of a refused key in the JSON body; None where the contract has no body.
    """
    *place, key = location
    operation = document["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    schemas = [content.get("application/json", {}).get("schema", {})]
    for part in place:
        schemas = [inner for one in schemas for inner in _inside(document, one, part)]
    known = {name for one in schemas for form in _forms(document, one) for name in _names(form)}
    name = str(key)
    longer = sorted(one for one in known if len(name) >= MIN_LETTERS and one.startswith(name))
    return next(iter([*longer, *get_close_matches(name, sorted(known), n=1)]), None)


def _names(form: dict[str, Any]) -> list[str]:
    return list(form.get("properties", {}))


def _forms(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema with its references resolved and its alternatives one by one."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        yield from _forms(document, document["components"]["schemas"][name])
        return
    yield schema
    for word in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(word, []):
            yield from _forms(document, one)


def _inside(
    document: dict[str, Any], schema: dict[str, Any], part: str | int
) -> Iterator[dict[str, Any]]:
    """What the schema says of one key or entry; a tag of pydantic leads nowhere else."""
    if isinstance(part, str) and part.startswith("("):
        yield schema
        return
    for form in _forms(document, schema):
        inner = form.get("items") if isinstance(part, int) else form.get("properties", {}).get(part)
        if inner is not None:
            yield inner
