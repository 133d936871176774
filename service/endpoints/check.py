"""POST /check."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.direct_route import DirectRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import with_paper
from service.representations.represent import as_documents, as_json, represent
from service.schemas.exercises.check_request import CheckRequest
from service.schemas.exercises.check_response import CheckResponse

router = APIRouter(route_class=DirectRoute, tags=["by hand"])

OPERATIONS = 1e9
"""Upper bound on the cost of the search for mistakes, in operations."""


@router.post(
    "/check",
    response_model=CheckResponse,
    responses=with_paper(example_responses("check")) | error_responses(406, 413, 415, 422, 503),
)
async def post_check(
    question: Annotated[CheckRequest, Body(openapi_examples=examples("check"))],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """Check a computation by hand, number by number.

    Send the numbers in the form of the answer of /backprop, and how they were rounded. Each is
    `correct`, `coarse` (right, with fewer digits than asked), `wrong`, `follows` (right given an
    earlier slip) or `missing`. Honest rounding is never called wrong. Where known mistakes explain
    a number they are named, `certain` or not; where all numbers fit other `conventions`, those are
    named. `summary` says it in sentences; `hints` limits what it reveals. The answer is JSON, or by
    `Accept` a page to hand back: HTML, Markdown or LaTeX, with a mark at each number, the first
    slip worked out, and points.
    """
    representations = {
        **as_json(lambda: CheckResponse.of(question.report(), question), OPERATIONS),
        **as_documents(question.document, OPERATIONS),
    }
    return await represent(accept, representations, limits, computation)
