"""POST /forward."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from core.cost import forward_operations, trace_numbers
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.content_negotiation import JSON, choose
from service.http.direct_route import DirectRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import (
    DRAWINGS,
    JSON_OR_PAPER,
    VARY,
    document_response,
    drawing_response,
    with_paper,
)
from service.schemas.arrays import row_count
from service.schemas.forward import ForwardRequest, ForwardResponse
from service.schemas.rounding import RoundedQuery
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=DirectRoute, tags=["by hand"])


@router.post(
    "/forward",
    response_model=ForwardResponse,
    responses=with_paper(example_responses("forward"), drawings=True)
    | error_responses(406, 413, 415, 422, 503),
)
async def post_forward(
    question: Annotated[ForwardRequest, Body(openapi_examples=examples("forward"))],
    paper: Annotated[RoundedQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """The forward pass, with every number on the way.

    s⁽ˡ⁾ = w⁽ˡ⁾ x⁽ˡ⁻¹⁾ + b⁽ˡ⁾ and x⁽ˡ⁾ = σ(s⁽ˡ⁾), for one sample or many. The answer is JSON, or by
    `Accept` the same worked out as by hand: Markdown with $…$, LaTeX that compiles, or an HTML
    page, or the network drawn with these numbers as SVG or TikZ, rounded as the query says. JSON
    has every digit.
    """
    media_type = choose(accept, (*JSON_OR_PAPER, *DRAWINGS))
    network = question.network.to_core(question.precision)
    samples = row_count(question.x)
    limits.network(network)
    limits.samples(samples, ("x",))
    limits.numbers(trace_numbers(network.sizes, samples))
    if media_type in DRAWINGS:
        return await drawing_response(
            lambda: question.figure(network, paper.rule), media_type, limits, computation
        )
    if media_type != JSON:
        return await document_response(
            lambda: question.document(network, paper.rule), media_type, limits, computation
        )
    operations = forward_operations(network.sizes, samples)
    limits.operations(operations)
    return await computation.run(
        lambda: ArrayResponse(
            ForwardResponse.of(network.forward(question.x), question), headers=VARY
        ),
        operations,
    )
