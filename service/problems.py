"""Every refusal as a problem document (RFC 9457), made in one place.

The core and the jobs name what happened; the table `STATUS_OF` gives each error its dress. An error
that can only end a running job (`Diverged`) has no status.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from core import errors as mathematics
from service.jobs import errors as jobs
from service.security.allowance import Exhausted
from service.transport.inflating import NotInflatable
from service.wire.answer import to_json
from service.wire.body import InvalidJson

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class NotAcceptable(Exception):
    """The client accepts none of the media types of this answer."""


class UnsupportedMediaType(Exception):
    """The body is of a type, or in an encoding, that we do not read."""


class BodyTooLong(Exception):
    """The body has more bytes than the settings allow."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body is longer than {limit:,} bytes")


class LimitExceeded(mathematics.MathematicalError):
    """A question larger than the operator's settings allow; the sentence has both numbers."""


class DatasetNotFound(Exception):
    """No toy set has this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"there is no dataset {name!r}; there are {', '.join(known)}")


class StepNotFound(Exception):
    """The job has not made this iteration."""


class ResultNotFound(Exception):
    """The job is of a kind that has no such result."""


class NotFinished(Exception):
    """The job has no result yet, or has ended without one."""


class NotReady(Exception):
    """The service cannot take work now."""


class Overloaded(Exception):
    """More computations are waiting than the settings allow."""


@dataclass(frozen=True)
class FieldProblem:
    """One thing that is wrong: where, as a JSON pointer (RFC 6901), and what."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Problem:
    """The body of every answer that is not the right result."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]


STATUS_OF: dict[type[Exception], int] = {
    mathematics.ShapeMismatch: 422,
    mathematics.OutOfDomain: 422,
    mathematics.Jump: 422,
    mathematics.NotFinite: 422,
    mathematics.UnknownName: 422,
    mathematics.InvalidFormula: 422,
    mathematics.InvalidGrid: 422,
    mathematics.TooLong: 422,
    LimitExceeded: 422,
    InvalidJson: 422,
    NotInflatable: 400,
    NotAcceptable: 406,
    UnsupportedMediaType: 415,
    BodyTooLong: 413,
    DatasetNotFound: 404,
    StepNotFound: 404,
    ResultNotFound: 404,
    NotFinished: 409,
    NotReady: 503,
    Exhausted: 429,
    Overloaded: 503,
    jobs.JobNotFound: 404,
    jobs.IllegalMove: 409,
    jobs.IdempotencyMismatch: 422,
    jobs.InvalidCursor: 422,
    jobs.QueueFull: 503,
}

PLACE_OF: dict[type[Exception], mathematics.Place] = {
    jobs.InvalidCursor: ("query", "cursor"),
    jobs.IdempotencyMismatch: ("header", "idempotency-key"),
}
"""Where errors point that do not carry their own place."""


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
        title=kind.replace("-", " ").capitalize() if kind else HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        errors=list(errors),
    )
