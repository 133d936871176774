"""POST /forward."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from core.cost import forward_operations, trace_numbers
from service.contract import answers, examples, refusals
from service.dependencies import ComputationOf, LimitsOf
from service.question_route import QuestionRoute
from service.wire.answer import ArrayResponse
from service.wire.forward import ForwardAnswer, ForwardQuestion
from service.wire.numbers import row_count

router = APIRouter(route_class=QuestionRoute, tags=["by hand"])


@router.post(
    "/forward",
    response_model=ForwardAnswer,
    responses=answers("forward") | refusals(413, 415, 422, 503),
)
async def post_forward(
    question: Annotated[ForwardQuestion, Body(openapi_examples=examples("forward"))],
    limits: LimitsOf,
    computation: ComputationOf,
) -> Response:
    """The forward pass, with every number on the way.

    s⁽ˡ⁾ = w⁽ˡ⁾ x⁽ˡ⁻¹⁾ + b⁽ˡ⁾ and x⁽ˡ⁾ = σ(s⁽ˡ⁾), for one sample or many.
    """
    network = question.network.to_core(question.precision)
    samples = row_count(question.x)
    limits.network(network)
    limits.samples(samples, ("x",))
    limits.numbers(trace_numbers(network.sizes, samples))
    operations = forward_operations(network.sizes, samples)
    limits.operations(operations)
    return await computation.run(
        lambda: ArrayResponse(ForwardAnswer.of(network.forward(question.x), question)), operations
    )
