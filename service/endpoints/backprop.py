"""POST /backprop."""

from typing import Annotated

from fastapi import APIRouter, Body, Response

from core.cost import backprop_operations, parameter_count, trace_numbers
from core.gradient_check import gradient_check
from core.network import NeuralNetwork
from core.numerical_gradient import gradient_check_operations
from service.contract import answers, examples, refusals
from service.dependencies import ComputationOf, LimitsOf
from service.limits import Limits
from service.question_route import QuestionRoute
from service.wire.answer import ArrayResponse
from service.wire.backprop import BackpropAnswer, BackpropQuestion
from service.wire.numbers import require_same_rank, row_count

router = APIRouter(route_class=QuestionRoute, tags=["by hand"])


@router.post(
    "/backprop",
    response_model=BackpropAnswer,
    responses=answers("backprop") | refusals(413, 415, 422, 503),
)
async def post_backprop(
    question: Annotated[BackpropQuestion, Body(openapi_examples=examples("backprop"))],
    limits: LimitsOf,
    computation: ComputationOf,
) -> Response:
    """Backpropagation, with every number on the way up and on the way down.

    δ⁽ᴸ⁾ = ∂E/∂x⁽ᴸ⁾ ⊙ σ′(s⁽ᴸ⁾), δ⁽ˡ⁾ = w⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ ⊙ σ′(s⁽ˡ⁾),
    ∂E/∂w⁽ˡ⁾ = δ⁽ˡ⁾ x⁽ˡ⁻¹⁾ᵀ, ∂E/∂b⁽ˡ⁾ = δ⁽ˡ⁾.
    `delta` is each sample's own; gradients are of the mean of E over the samples, or its sum, or
    one per sample. `gradient_check` compares every gradient with a numerical derivative.
    """
    network = question.network.to_core(question.precision)
    operations = _admit(question, network, limits)
    return await computation.run(lambda: ArrayResponse(_answer(question, network)), operations)


def _admit(question: BackpropQuestion, network: NeuralNetwork, limits: Limits) -> int:
    """Refuse what is too large or of two ranks; else the operations it takes."""
    require_same_rank(question.x, question.y)
    samples = row_count(question.x)
    limits.network(network)
    limits.samples(samples, ("x",))
    gradients = parameter_count(network.sizes)
    if question.reduction == "none":
        gradients *= samples
    limits.numbers(2 * trace_numbers(network.sizes, samples) + gradients)
    operations = backprop_operations(network.sizes, samples)
    if question.gradient_check:
        operations += gradient_check_operations(network.sizes, samples)
    limits.operations(operations)
    return operations


def _answer(question: BackpropQuestion, network: NeuralNetwork) -> BackpropAnswer:
    x, y, loss = question.x, question.y, question.loss_function
    result = network.backprop(x, y, loss, question.reduction)
    check = None
    if question.gradient_check:
        check = gradient_check(
            network.layers,
            result.trace.x[0],
            network.samples(y, "y"),
            loss,
            result,
            question.reduction,
        )
    return BackpropAnswer.of(result, check, question)
