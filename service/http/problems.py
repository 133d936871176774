"""Problem documents (RFC 9457) of all refusals.

The core and the jobs name what happened; the table `PROBLEM_TYPES` gives each error its status and
slug. An error that can only end a running job (`Diverged`) has no status.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from service.serialization.json_writer import to_json

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    408: "Request Timeout",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
"""The names of RFC 9110, 6585 and others; those of Python's `http` differ between its versions."""


@dataclass(frozen=True)
class FieldProblem:
    """An error of a request: its place as a JSON pointer (RFC 6901), and a sentence."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """The body of every error response."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]


def pointer(place: Iterable[str | int]) -> str:
    """The JSON pointer of a place, without pydantic's "body" in front and its tags within.

    What is wrong in the address or the headers is pointed at as /query/…, /path/…, /header/….
    """
    parts = [str(part) for part in place if not _is_tag(part)]
    if parts and parts[0] == "body":
        parts = parts[1:]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _is_tag(part: str | int) -> bool:
    return isinstance(part, str) and part.startswith("(")


def problem_response(
    status: int,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    kind: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem document; 503 says when to come back."""
    extra = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}
    return Response(
        to_json(problem_of(status, detail, errors, kind)),
        status,
        media_type=MEDIA_TYPE,
        headers=extra | (headers or {}),
    )


def problem_of(
    status: int, detail: str, errors: Sequence[FieldProblem] = (), kind: str = ""
) -> Problem:
    """The document; `kind` becomes its type, and its title in words."""
    return Problem(
        type=f"urn:chainrule:problem:{kind}" if kind else "about:blank",
        title=kind.replace("-", " ").capitalize() if kind else PHRASES.get(status, "Error"),
        status=status,
        detail=detail,
        errors=list(errors),
    )
