"""POST /approximate and POST /approximate/compare."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.content_negotiation import choose
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses, example_responses, examples, with_pictures
from service.representations.approximation import (
    COMPARISON_FORMS,
    REPRESENTATIONS,
    ApproximationView,
    comparison_in_form,
    represent,
    with_forms,
)
from service.representations.approximation_document import require_short
from service.representations.documents import DOCUMENT_TYPES
from service.schemas.approximation.comparison import CompareRequest, CompareResponse
from service.schemas.approximation.request import ApproximateRequest
from service.schemas.approximation.response import ApproximateResponse
from service.schemas.rounding import RoundedQuery
from service.submission.approximation import OR_JOB, BackgroundOf

router = APIRouter(route_class=StrictJsonRoute, tags=["approximation"])


@router.post(
    "/approximate",
    response_model=ApproximateResponse,
    responses=with_forms(example_responses("approximate"))
    | OR_JOB
    | error_responses(406, 413, 415, 422, 503),
)
async def post_approximate(
    question: Annotated[ApproximateRequest, Body(openapi_examples=examples("approximate"))],
    paper: Annotated[RoundedQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    background: BackgroundOf,
    accept: Accept = None,
) -> Response:
    """Approximate a function, or a table, by one layer of ReLUs.

    NN(x) = Σⱼ λⱼ ReLU(x − bⱼ) goes through every grid point: the λ solve a triangular system. With
    a `tolerance` in place of `n` the answer is the smallest such network, with a proof that its
    error is within the tolerance and that no smaller network's is. The answer is JSON, or by
    `Accept` a picture of f, NN and the error, a C99 header (`text/x-c`) whose function is NN, or
    the system solved as by hand, row by row: Markdown with $…$, LaTeX that compiles, or an HTML
    page, rounded as the query says. What takes long is to be had as a job.
    """
    media_type = choose(accept, REPRESENTATIONS)
    if background.wanted:
        return await background.accept("approximate", question)
    if media_type in DOCUMENT_TYPES:
        require_short(question)
    limits = limits.or_job()
    question.require_affordable(limits)

    def answer() -> Response:
        result = question.approximate(limits)
        return represent(ApproximationView(question, result, paper.rule, limits), media_type)

    return await computation.run(answer, question.operations)


@router.post(
    "/approximate/compare",
    response_model=CompareResponse,
    responses=with_pictures(example_responses("compare"))
    | OR_JOB
    | error_responses(406, 413, 415, 422, 503),
)
async def post_compare(
    question: Annotated[CompareRequest, Body(openapi_examples=examples("compare"))],
    limits: LimitsOf,
    computation: ComputationOf,
    background: BackgroundOf,
    accept: Accept = None,
) -> Response:
    """Compare grids and numbers of points: errors, how fast they fall, and what theory says.

    The answer is JSON, or by `Accept` a picture with both axes logarithmic. What takes long is to
    be had as a job.
    """
    media_type = choose(accept, COMPARISON_FORMS)
    if background.wanted:
        return await background.accept("compare", question)
    question.require_affordable(limits.or_job())
    return await computation.run(
        lambda: comparison_in_form(question.compare(), media_type), question.operations
    )
