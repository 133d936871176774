"""Every refusal as a problem document (RFC 9457), made in one place.

The core and the jobs name what happened; the table `PROBLEM_TYPES` gives each error its status and
slug. An error that can only end a running job (`Diverged`) has no status.
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


@dataclass(frozen=True)
class ProblemType:
    """HTTP status and slug of an error; the slug is part of the API, the class name is not."""

    status: int
    slug: str


PROBLEM_TYPES: dict[type[Exception], ProblemType] = {
    mathematics.ShapeMismatch: ProblemType(422, "shape-mismatch"),
    mathematics.OutOfDomain: ProblemType(422, "out-of-domain"),
    mathematics.Jump: ProblemType(422, "discontinuous-function"),
    mathematics.NotFinite: ProblemType(422, "not-finite"),
    mathematics.UnknownName: ProblemType(422, "unknown-name"),
    mathematics.InvalidFormula: ProblemType(422, "invalid-formula"),
    mathematics.InvalidGrid: ProblemType(422, "invalid-grid"),
    mathematics.TooLong: ProblemType(422, "document-too-long"),
    LimitExceeded: ProblemType(422, "limit-exceeded"),
    InvalidJson: ProblemType(422, "invalid-json"),
    NotInflatable: ProblemType(400, "invalid-content-encoding"),
    NotAcceptable: ProblemType(406, "not-acceptable"),
    UnsupportedMediaType: ProblemType(415, "unsupported-media-type"),
    BodyTooLong: ProblemType(413, "body-too-large"),
    DatasetNotFound: ProblemType(404, "dataset-not-found"),
    StepNotFound: ProblemType(404, "step-not-found"),
    ResultNotFound: ProblemType(404, "result-not-found"),
    NotFinished: ProblemType(409, "job-not-finished"),
    NotReady: ProblemType(503, "not-ready"),
    Exhausted: ProblemType(429, "rate-limit-exceeded"),
    Overloaded: ProblemType(503, "overloaded"),
    jobs.JobNotFound: ProblemType(404, "job-not-found"),
    jobs.IllegalMove: ProblemType(409, "invalid-state-transition"),
    jobs.IdempotencyMismatch: ProblemType(422, "idempotency-key-reused"),
    jobs.InvalidCursor: ProblemType(422, "invalid-cursor"),
    jobs.QueueFull: ProblemType(503, "queue-full"),
}
"""The problem type of every named error; a test compares it with the errors that exist."""

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
