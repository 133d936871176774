"""Every exception becomes a problem document, in place of what FastAPI would answer."""

from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import compile_path

from core import errors as mathematics
from service.auth.rate_limit import RateLimited
from service.datasets.errors import InvalidDataset, StoredDatasetNotFound
from service.errors import (
    BodyTooLong,
    DatasetNotFound,
    NotAcceptable,
    NotFinished,
    NotReady,
    Overloaded,
    PreconditionFailed,
    ResultNotFound,
    StepNotFound,
    UnsupportedMediaType,
)
from service.http.content_encoding import InvalidContentEncoding
from service.http.problems import FieldProblem, pointer, problem_response
from service.http.scope import path_of
from service.http.validation_messages import field_problem
from service.inference.errors import InvalidInference
from service.jobs import errors as jobs
from service.jobs.storage.availability import outage_reason
from service.models.errors import ModelConflict, ModelNotFound
from service.openapi.known_keys import similar_key
from service.serialization.json_parser import InvalidJson

log = structlog.get_logger()

MAX_ADVISED = 10
"""At most this many errors of a request say which known key may have been meant."""
MAX_COMPARED_LETTERS = 60
"""Longer unknown keys are not compared with the known ones."""


def add_handlers(app: FastAPI) -> None:
    """Register the handlers of all exceptions."""
    for error in PROBLEM_TYPES:
        app.add_exception_handler(error, _named)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for error in (SQLAlchemyError, OSError, MemoryError):
        app.add_exception_handler(error, _unavailable)
    app.add_exception_handler(ClientDisconnect, _client_disconnected)
    app.add_exception_handler(Exception, _unexpected)


async def _named(request: Request, error: Exception) -> Response:
    """Answer an error of the table; its slug is the problem type."""
    kind = type(error)
    problem_type, detail = PROBLEM_TYPES[kind], str(error)
    place = getattr(error, "place", PLACE_OF.get(kind, ()))
    errors = [FieldProblem(pointer(place), detail)] if problem_type.status == 422 else []
    wait = getattr(error, "retry_after_seconds", None)
    headers = {"Retry-After": str(wait)} if wait else None
    return problem_response(problem_type.status, detail, errors, problem_type.slug, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the type of the handler
    errors = [
        field_problem(found, _similar(request, found) if i < MAX_ADVISED else None)
        for i, found in enumerate(error.errors())
    ]
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    where = f"{first.pointer}: " if first.pointer else ""
    return problem_response(422, f"{where}{first.detail}{more}", errors, "invalid-request")


def _similar(request: Request, found: dict[str, Any]) -> str | None:
    """The key that an unknown key of the body may have been meant for."""
    location = found["loc"][1:] if found["loc"][:1] == ("body",) else found["loc"]
    route = request.scope.get("route")
    if found["type"] != "extra_forbidden" or route is None or not location:
        return None
    if len(str(location[-1])) > MAX_COMPARED_LETTERS:
        return None
    return similar_key(request.app.openapi(), route.path, request.method, location)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the type of the handler
    details = {
        404: f"there is nothing at {request.url.path}",
        405: f"{request.url.path} does not take {request.method}",
    }
    headers = dict(error.headers) if error.headers else {}
    if error.status_code == 405:
        headers["Allow"] = _allowed(request) or headers["Allow"]
    detail = details.get(error.status_code, str(error.detail))
    return problem_response(error.status_code, detail, headers=headers)


def _allowed(request: Request) -> str:
    """The declared methods of this address, of all routes; Starlette gives the first only."""
    address = path_of(request.scope)
    paths = request.app.openapi()["paths"]
    # An address written out is not one with an identifier: /train/estimate is no job.
    here = [path for path in paths if compile_path(path)[0].match(address)]
    operations: dict[str, object] = paths.get(address) or next((paths[path] for path in here), {})
    methods = [method.upper() for method in operations]
    return ", ".join(["HEAD", *methods] if "GET" in methods else methods)


async def _unavailable(request: Request, error: Exception) -> Response:
    """What the machine or the database cannot do now; any other error is unexpected."""
    why = outage_reason(error)
    if why is None:
        return await _unexpected(request, error)
    log.warning("unavailable", path=request.url.path, reason=why, error=str(error))
    return problem_response(503, why, kind="unavailable")


async def _client_disconnected(request: Request, error: Exception) -> Response:
    """The connection is closed; the response is discarded."""
    return problem_response(400, "the body ended before it was complete")


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", path=request.url.path, exc_info=error)
    return problem_response(500, "an unexpected error occurred; it has been logged")


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
    mathematics.InvalidFile: ProblemType(422, "invalid-file"),
    mathematics.InvalidGrid: ProblemType(422, "invalid-grid"),
    mathematics.TooLong: ProblemType(422, "document-too-long"),
    mathematics.LimitExceeded: ProblemType(422, "limit-exceeded"),
    mathematics.ArithmeticUnavailable: ProblemType(503, "arithmetic-unavailable"),
    InvalidJson: ProblemType(422, "invalid-json"),
    InvalidContentEncoding: ProblemType(400, "invalid-content-encoding"),
    NotAcceptable: ProblemType(406, "not-acceptable"),
    UnsupportedMediaType: ProblemType(415, "unsupported-media-type"),
    BodyTooLong: ProblemType(413, "body-too-large"),
    DatasetNotFound: ProblemType(404, "dataset-not-found"),
    InvalidDataset: ProblemType(422, "invalid-dataset"),
    StoredDatasetNotFound: ProblemType(404, "dataset-not-found"),
    StepNotFound: ProblemType(404, "step-not-found"),
    InvalidInference: ProblemType(422, "invalid-inference-request"),
    ModelNotFound: ProblemType(404, "model-not-found"),
    ModelConflict: ProblemType(409, "model-conflict"),
    ResultNotFound: ProblemType(404, "result-not-found"),
    NotFinished: ProblemType(409, "job-not-finished"),
    PreconditionFailed: ProblemType(412, "precondition-failed"),
    NotReady: ProblemType(503, "not-ready"),
    RateLimited: ProblemType(429, "rate-limit-exceeded"),
    Overloaded: ProblemType(503, "overloaded"),
    jobs.JobNotFound: ProblemType(404, "job-not-found"),
    jobs.RequestNotKept: ProblemType(404, "request-not-kept"),
    jobs.InvalidTransition: ProblemType(409, "invalid-state-transition"),
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
