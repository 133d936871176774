"""POST /exercises."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.content_negotiation import choose
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import JSON_OR_PAPER, negotiated, with_paper
from service.schemas.exercises.exercises import ExercisesRequest, ExercisesResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["by hand"])

OPERATIONS = 1e9
"""Some thousand drafts may be drawn before one has only pleasant numbers."""


@router.post(
    "/exercises",
    response_model=ExercisesResponse,
    responses=with_paper(example_responses("exercises")) | error_responses(406, 413, 415, 422, 503),
)
async def post_exercises(
    question: Annotated[ExercisesRequest, Body(openapi_examples=examples("exercises"))],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A fresh exercise sheet with its key and a marking scheme.

    Numbers are pleasant by hand: weights in tenths, no saturated unit, no printed digit in doubt.
    The same seed gives the same sheet for ever. The answer is JSON, or by `Accept` a document:
    Markdown, LaTeX or HTML, without the key where `key` is false.
    """
    media_type = choose(accept, JSON_OR_PAPER)
    limits.operations(OPERATIONS)

    def answer() -> Response:
        exercise = question.exercise()
        document = exercise.sheet(with_key=question.key)
        return negotiated(document, lambda: ExercisesResponse.of(exercise, question), media_type)

    return await computation.run(answer, OPERATIONS)
