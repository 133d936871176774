"""Strong validators and 304 (RFC 9110, sections 8.8.3 and 13.1.2)."""

from collections.abc import Callable

from starlette.responses import Response


def etag(version: int | str, form: str = "") -> str:
    """Strong entity tag of one representation (`form`) of a resource in this version."""
    return f'"{version}{f"-{form}" if form else ""}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this representation already."""
    known = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    return tag in known or known == ["*"]


def conditional_response(
    tag: str, if_none_match: str | None, make: Callable[[], Response]
) -> Response:
    """What `make` makes, under its tag; 304 without making it where the client has it."""
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if matches(if_none_match, tag):
        return Response(status_code=304, headers=headers)
    response = make()
    response.headers.update(headers)
    return response
