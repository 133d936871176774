"""POST /backprop."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from core.cost import backprop_operations, parameter_count, trace_numbers
from core.errors import OutOfDomain
from core.gradient_check.check import gradient_check
from core.gradient_check.numerical_gradient import gradient_check_operations
from core.neural_network import NeuralNetwork
from core.nn.path_products import path_sum
from service.dependencies import Accept, ComputationOf, LimitsOf
from service.http.direct_route import DirectRoute
from service.limits import Limits
from service.openapi.responses import error_responses, example_responses, examples
from service.representations.backprop_document import BackpropQuery, document, figure
from service.representations.documents import with_paper
from service.representations.represent import as_documents, as_drawings, as_json, represent
from service.schemas.arrays import require_same_rank, row_count
from service.schemas.backprop import BackpropRequest, BackpropResponse

router = APIRouter(route_class=DirectRoute, tags=["by hand"])


@router.post(
    "/backprop",
    response_model=BackpropResponse,
    responses=with_paper(example_responses("backprop"), drawings=True)
    | error_responses(406, 413, 415, 422, 503),
)
async def post_backprop(
    question: Annotated[BackpropRequest, Body(openapi_examples=examples("backprop"))],
    paper: Annotated[BackpropQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """Backpropagation, with every number on the way up and on the way down.

    δ⁽ᴸ⁾ = ∂E/∂x⁽ᴸ⁾ ⊙ σ′(s⁽ᴸ⁾), δ⁽ˡ⁾ = w⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾ ⊙ σ′(s⁽ˡ⁾),
    ∂E/∂w⁽ˡ⁾ = δ⁽ˡ⁾ x⁽ˡ⁻¹⁾ᵀ, ∂E/∂b⁽ˡ⁾ = δ⁽ˡ⁾.
    `delta` is each sample's own; gradients are of the mean of E over the samples, or its sum, or
    one per sample. `gradient_check` compares every gradient with a numerical derivative. `trace`
    factors one parameter's gradient along every path to E.

    The answer is JSON, or by `Accept` the same worked out as by hand: Markdown with $…$, LaTeX that
    compiles, or an HTML page, or the network drawn with these numbers as SVG or TikZ, rounded as
    the query says. JSON has every digit.
    """
    network = question.by_convention()
    operations = _admit(question, network, limits)
    representations = {
        **as_json(lambda: _answer(question, network), operations),
        **as_documents(lambda: document(question, network, paper)),
        **as_drawings(lambda: figure(question, network, paper)),
    }
    return await represent(accept, representations, limits, computation)


def _admit(question: BackpropRequest, network: NeuralNetwork, limits: Limits) -> int:
    """Refuse what is too large or of two ranks; else the operations it takes."""
    require_same_rank(question.x, question.targets(network))
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
    return operations


def _answer(question: BackpropRequest, network: NeuralNetwork) -> BackpropResponse:
    x, y, loss = question.x, question.targets(network), question.loss_function
    result = network.backprop(x, y, loss, question.reduction)
    by_convention = question.book.backpropagation(result, network.layers, question.reduction)
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
    paths = None
    if question.trace is not None:
        if len(result.trace.output) != 1:
            raise OutOfDomain("the paths of one sample are traced: give one x", ("trace",))
        parameter = question.trace.parameter
        rows = network.samples(y, "y")
        paths = path_sum(network.layers, result, rows, loss, parameter)
    return BackpropResponse.of(by_convention, check, paths, question)
