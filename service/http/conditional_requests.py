"""Strong validators, 304 and 412 (RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2)."""

from collections.abc import Callable

from starlette.responses import Response

from service.errors import PreconditionFailed


def etag(version: int | str, form: str = "") -> str:
    """Strong entity tag of one representation (`form`) of a resource in this version."""
    return f'"{version}{f"-{form}" if form else ""}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this representation already."""
    known = [entry.removeprefix("W/") for entry in _entries(if_none_match)]
    return tag in known or known == ["*"]


def require_match(if_match: str | None, tag: str) -> None:
    """Raise `PreconditionFailed` unless the client names the current version, or `*`, or none.

    The comparison is strong: a weak tag never matches.
    """
    known = _entries(if_match)
    if if_match is not None and tag not in known and known != ["*"]:
        raise PreconditionFailed(tag)


def _entries(header: str | None) -> list[str]:
    return [entry.strip() for entry in (header or "").split(",")]


def conditional_response(
    tag: str, if_none_match: str | None, make: Callable[[], Response]
) -> Response:
    """Return the response of `make` with its tag, or 304 without making it."""
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    response = make()
    response.headers.update(headers)
    return response
