"""POST /exercises."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from core.solutions.document import Document
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import with_paper
from service.representations.represent import as_documents, as_json, represent
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

    def written() -> Document:
        return question.exercise().sheet(with_key=question.key)

    def answer() -> ExercisesResponse:
        return ExercisesResponse.of(question.exercise(), question)

    representations = {**as_json(answer, OPERATIONS), **as_documents(written, OPERATIONS)}
    return await represent(accept, representations, limits, computation)
