"""POST /solution."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import with_paper
from service.representations.represent import (
    DOCUMENT_OPERATIONS,
    as_documents,
    as_json,
    represent,
)
from service.schemas.exercises.solution import SolutionRequest, SolutionResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["by hand"])


@router.post(
    "/solution",
    response_model=SolutionResponse,
    responses=with_paper(example_responses("solution")) | error_responses(406, 413, 415, 422, 503),
)
async def post_solution(
    question: Annotated[SolutionRequest, Body(openapi_examples=examples("solution"))],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A computation written out as by hand, every number with its formula.

    The forward pass of a `network` on x, with `y` the loss and the chain rule factor by factor,
    with `eta` one step of descent; or a `relu_system`, row by row. The answer is a list of steps,
    or by `Accept` a document: Markdown with $…$, LaTeX that compiles, or an HTML page. Formulas
    come as LaTeX and as MathML; with `each` every number has a formula of its own.
    """
    representations = {
        **as_json(
            lambda: SolutionResponse.of(question.solution(), question.each, question.form),
            DOCUMENT_OPERATIONS,
        ),
        **as_documents(question.solution),
    }
    return await represent(accept, representations, limits, computation)
