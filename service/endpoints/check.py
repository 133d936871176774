"""POST /check."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from service.dependencies import ComputationOf, LimitsOf
from service.http.direct_route import DirectRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.schemas.exercises.check_request import CheckRequest
from service.schemas.exercises.check_response import CheckResponse
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=DirectRoute, tags=["by hand"])

OPERATIONS = 1e9
"""The search for mistakes takes at most what so many operations of a product would."""


@router.post(
    "/check",
    response_model=CheckResponse,
    responses=example_responses("check") | error_responses(413, 415, 422, 503),
)
async def post_check(
    question: Annotated[CheckRequest, Body(openapi_examples=examples("check"))],
    limits: LimitsOf,
    computation: ComputationOf,
) -> Response:
    """Check a computation by hand, number by number.

    Give the numbers you have, in the form of the answer of /backprop, and how you rounded. Each is
    `correct`, `wrong`, `follows` (right given an earlier slip) or `missing`. Honest rounding is
    never called wrong, and where known mistakes explain a number, they are named. `summary` says it
    in sentences. `hints` says how much you want to be told.
    """
    limits.operations(OPERATIONS)
    return await computation.run(
        lambda: ArrayResponse(CheckResponse.of(question.report(), question)), OPERATIONS
    )
