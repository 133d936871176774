"""An approximation, or a comparison, in the form that `Accept` asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response

from core.approximation.convergence import Comparison
from core.approximation.relu.c_header import c_header
from core.approximation.result import Approximation
from core.solutions.rounding import Rounding
from service.errors import ResultNotFound
from service.http.content_negotiation import JSON, PICTURE_TYPES, choose, picture_response
from service.jobs.approximation.task import Question
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.limits import Limits
from service.openapi.responses import Responses, with_pictures
from service.representations.approximation_document import document, require_short
from service.representations.documents import DOCUMENT_TYPES, VARY, render, with_paper
from service.representations.plots import approximation_picture, convergence_picture
from service.results.approximation import Result, order_for, result_of
from service.schemas.approximation.comparison import CompareRequest, CompareResponse
from service.schemas.approximation.request import ApproximateRequest
from service.schemas.approximation.response import ApproximateResponse
from service.serialization.json_writer import ArrayResponse


def form_of(store: Store, job: Job, accept: str | None) -> str:
    """The media type to answer with; raises `NotAcceptable`, and `ResultNotFound`."""
    asked = order_for(store, job).asked
    return choose(accept, COMPARISON_FORMS if asked == "compare" else REPRESENTATIONS)


def answer_of(
    question: Question, result: Result, media_type: str, rounding: Rounding, limits: Limits
) -> Response:
    """What the question would have been answered at once; raises `TooLong` for a long solution."""
    if isinstance(question, CompareRequest) or isinstance(result, Comparison):
        assert isinstance(result, Comparison)  # noqa: S101 - the question's own result
        return comparison_in_form(result, media_type)
    if media_type in DOCUMENT_TYPES:
        require_short(question)
    return represent(ApproximationView(question, result, rounding, limits), media_type)


def picture_of(store: Store, job: Job, show: str, picture_format: str) -> bytes:
    """The picture; raises as `result_of`, and `ResultNotFound` for its loss."""
    if show == "loss":
        raise ResultNotFound("the job is an approximation, no training: it has no loss")
    _, result = result_of(store, job)
    draw = (
        partial(convergence_picture, result)
        if isinstance(result, Comparison)
        else partial(approximation_picture, result)
    )
    return draw(picture_format)


C_HEADER = "text/x-c"


@dataclass(frozen=True, eq=False)
class ApproximationView:
    """What every form of an approximation is made of."""

    question: ApproximateRequest
    result: Approximation
    rounding: Rounding
    limits: Limits


def _json(shown: ApproximationView, media_type: str) -> Response:
    return ArrayResponse(ApproximateResponse.of(shown.result, shown.limits), headers=VARY)


def _picture(shown: ApproximationView, media_type: str) -> Response:
    return picture_response(media_type, partial(approximation_picture, shown.result))


def _paper(shown: ApproximationView, media_type: str) -> Response:
    return render(document(shown.question, shown.result, shown.rounding), media_type)


def _header(shown: ApproximationView, media_type: str) -> Response:
    return Response(c_header(shown.result.segments), media_type=media_type, headers=VARY)


REPRESENTATIONS: Mapping[str, Callable[[ApproximationView, str], Response]] = {
    JSON: _json,
    **dict.fromkeys(PICTURE_TYPES, _picture),
    **dict.fromkeys(DOCUMENT_TYPES, _paper),
    C_HEADER: _header,
}
"""How an approximation becomes an answer of each media type; the first is the default."""


def represent(shown: ApproximationView, media_type: str) -> Response:
    """The answer."""
    return REPRESENTATIONS[media_type](shown, media_type)


def with_forms(responses: Responses) -> Responses:
    """The answer 200 in all of these forms."""
    described = with_paper(with_pictures(responses))
    content: dict[str, Any] = described[200]["content"]
    return described | {
        200: described[200] | {"content": content | {C_HEADER: {"schema": {"type": "string"}}}}
    }


COMPARISON_FORMS = (JSON, *PICTURE_TYPES)


def comparison_in_form(comparison: Comparison, media_type: str) -> Response:
    """The answer."""
    if media_type == JSON:
        return ArrayResponse(CompareResponse.of(comparison), headers=VARY)
    return picture_response(media_type, partial(convergence_picture, comparison))
