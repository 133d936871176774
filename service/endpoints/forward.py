"""POST /forward."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from core.cost import forward_operations, trace_numbers
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.direct_route import DirectRoute
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.documents import with_paper
from service.representations.represent import as_documents, as_drawings, as_json, represent
from service.schemas.arrays import row_count
from service.schemas.forward import ForwardRequest, ForwardResponse
from service.schemas.rounding import RoundedQuery

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
    network = question.by_convention()
    samples = row_count(question.x)
    limits.network(network)
    limits.samples(samples, ("x",))
    limits.numbers(trace_numbers(network.sizes, samples))
    representations = {
        **as_json(
            lambda: ForwardResponse.of(network.forward(question.x), question),
            forward_operations(network.sizes, samples),
        ),
        **as_documents(lambda: question.document(network, paper.rule)),
        **as_drawings(lambda: question.figure(network, paper.rule)),
    }
    return await represent(accept, representations, limits, computation)
