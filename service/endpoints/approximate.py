"""POST /approximate and POST /approximate/compare."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses, example_responses, examples, with_pictures
from service.representations.approximation import (
    approximation_forms,
    comparison_forms,
    with_forms,
)
from service.representations.files import choose_form
from service.representations.represent import respond
from service.schemas.approximation.comparison import CompareRequest, CompareResponse
from service.schemas.approximation.request import ApproximateRequest
from service.schemas.approximation.response import ApproximateResponse
from service.schemas.file_formats import ApproximationQuery
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
    query: Annotated[ApproximationQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    background: BackgroundOf,
    accept: Accept = None,
) -> Response:
    """Approximate a function, or a table, by one layer of ReLUs.

    NN(x) = Σⱼ λⱼ ReLU(x − bⱼ) goes through every grid point: the λ solve a triangular system. With
    a `tolerance` in place of `n` the answer is the smallest such network, with a proof that its
    error is within the tolerance and that no smaller network's is. The answer is JSON, or by
    `Accept` a picture of f, NN and the error, or the system solved as by hand, row by row: Markdown
    with $…$, LaTeX that compiles, or an HTML page, rounded as the query says. By `format` or
    `Accept` it is a file: C99, a model for a solver (LP, MPS, Pyomo, linopy), a property for a
    verifier (VNN-LIB), or the network in every format of `/train/{id}/network`. Send `Prefer:
    respond-async` to run a long approximation as a background job.
    """
    request = question.to_core()
    if background.wanted:
        return await background.accept("approximate", request)
    budget = limits.budget()
    request.require_affordable(budget)
    representations = approximation_forms(
        request,
        lambda: request.run(budget),
        query.rule,
        limits.settings.max_width,
        request.operations,
    )
    chosen = representations[choose_form(query.format, accept, representations)]
    return await computation.run(chosen.write, chosen.operations)


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

    The answer is JSON, or by `Accept` a picture with both axes logarithmic. Send
    `Prefer: respond-async` to run it as a background job.
    """
    request = question.to_core()
    if background.wanted:
        return await background.accept("compare", request)
    budget = limits.budget()
    request.require_affordable(budget)
    representations = comparison_forms(lambda: request.run(budget), request.operations)
    return await respond(accept, representations, computation)
