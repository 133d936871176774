"""POST /approximate and POST /approximate/compare."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from service.contract import answers, examples, refusals, with_pictures
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.drawing import approximation_picture, convergence_picture
from service.negotiation import JSON, PICTURE_TYPES, choose, picture_response
from service.paper import PAPER, with_paper, written
from service.strict_json import StrictJsonRoute
from service.wire.answer import ArrayResponse
from service.wire.approximate import (
    OPERATIONS_AT_LEAST,
    OPERATIONS_PER_POINT,
    ApproximateQuestion,
)
from service.wire.approximate_answer import ApproximateAnswer
from service.wire.approximate_paper import document, require_short
from service.wire.compare import CompareAnswer, CompareQuestion
from service.wire.rounding import RoundedQuery

router = APIRouter(route_class=StrictJsonRoute, tags=["approximation"])

NUMBERS_PER_POINT = 7


@router.post(
    "/approximate",
    response_model=ApproximateAnswer,
    responses=with_paper(with_pictures(answers("approximate"))) | refusals(406, 413, 415, 422, 503),
)
async def post_approximate(
    question: Annotated[ApproximateQuestion, Body(openapi_examples=examples("approximate"))],
    paper: Annotated[RoundedQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """Approximate a function, or a table, by one layer of ReLUs.

    NN(x) = Σⱼ λⱼ ReLU(x − bⱼ) goes through every grid point: the λ solve a triangular system. With
    a `tolerance` in place of `n` the answer is the smallest such network, with a proof that its
    error is within the tolerance and that no smaller network's is. The answer is JSON, or by
    `Accept` a picture of f, NN and the error, or the system solved as by hand, row by row: Markdown
    with $…$, LaTeX that compiles, or an HTML page, rounded as the query says.
    """
    media_type = choose(accept, (JSON, *PICTURE_TYPES, *PAPER))
    if media_type in PAPER:
        require_short(question)
    limits.points(question.size, question.size_place)
    limits.numbers(NUMBERS_PER_POINT * question.size)
    limits.operations(question.operations)

    def answer() -> Response:
        result = question.approximate(limits)
        if media_type == JSON:
            return ArrayResponse(ApproximateAnswer.of(result, limits), headers={"Vary": "Accept"})
        if media_type in PAPER:
            return written(document(question, result, paper.rule), media_type)
        return picture_response(media_type, partial(approximation_picture, result))

    return await computation.run(answer, question.operations)


@router.post(
    "/approximate/compare",
    response_model=CompareAnswer,
    responses=with_pictures(answers("compare")) | refusals(406, 413, 415, 422, 503),
)
async def post_compare(
    question: Annotated[CompareQuestion, Body(openapi_examples=examples("compare"))],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """Compare grids and numbers of points: errors, and how fast they fall.

    The answer is JSON, or by `Accept` a picture with both axes logarithmic.
    """
    media_type = choose(accept, (JSON, *PICTURE_TYPES))
    points = len(question.grids) * sum(question.n)
    limits.points(points, ("n",))

    def answer() -> Response:
        experiments = question.experiments()
        if media_type == JSON:
            return ArrayResponse(CompareAnswer.of(experiments), headers={"Vary": "Accept"})
        return picture_response(media_type, partial(convergence_picture, experiments))

    experiments = len(question.grids) * len(question.n)
    return await computation.run(
        answer, OPERATIONS_AT_LEAST * experiments + OPERATIONS_PER_POINT * points
    )
