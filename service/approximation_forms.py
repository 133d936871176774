"""An approximation, or a comparison, in the form that `Accept` asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response

from core.approximation.c_header import c_header
from core.worked.rounding import Rounding
from service.contract import Responses, with_pictures
from service.drawing import approximation_picture, convergence_picture
from service.limits import Limits
from service.negotiation import JSON, PICTURE_TYPES, picture_response
from service.paper import PAPER, VARY, with_paper, written
from service.wire.answer import ArrayResponse
from service.wire.approximate import ApproximateQuestion
from service.wire.approximate_answer import ApproximateAnswer
from service.wire.approximate_paper import document
from service.wire.approximation import Approximation
from service.wire.compare import CompareAnswer, Comparison

C_HEADER = "text/x-c"


@dataclass(frozen=True, eq=False)
class Shown:
    """What every form of an approximation is made of."""

    question: ApproximateQuestion
    result: Approximation
    rounding: Rounding
    limits: Limits


def _json(shown: Shown, media_type: str) -> Response:
    return ArrayResponse(ApproximateAnswer.of(shown.result, shown.limits), headers=VARY)


def _picture(shown: Shown, media_type: str) -> Response:
    return picture_response(media_type, partial(approximation_picture, shown.result))


def _paper(shown: Shown, media_type: str) -> Response:
    return written(document(shown.question, shown.result, shown.rounding), media_type)


def _header(shown: Shown, media_type: str) -> Response:
    return Response(c_header(shown.result.segments), media_type=media_type, headers=VARY)


FORMS: Mapping[str, Callable[[Shown, str], Response]] = {
    JSON: _json,
    **dict.fromkeys(PICTURE_TYPES, _picture),
    **dict.fromkeys(PAPER, _paper),
    C_HEADER: _header,
}
"""How an approximation becomes an answer of each media type; the first is the default."""


def in_form(shown: Shown, media_type: str) -> Response:
    """The answer."""
    return FORMS[media_type](shown, media_type)


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
        return ArrayResponse(CompareAnswer.of(comparison), headers=VARY)
    return picture_response(media_type, partial(convergence_picture, comparison))
