"""POST /backprop as a document or a drawing."""

import numpy as np
from pydantic import Field

from core.arrays import require_equal_samples
from core.gradient_check.check import gradient_check
from core.neural_network import NeuralNetwork
from core.solutions.document import Document
from core.solutions.drawing.diagram import Figure
from core.solutions.gradient_check_section import gradient_check_part
from core.solutions.network_diagram import backprop_figure
from core.solutions.network_solution import backprop_solution
from service.schemas.backprop import BackpropRequest
from service.schemas.rounding import RoundedQuery


class BackpropQuery(RoundedQuery):
    """How a document is rounded, and whether it goes on to the update."""

    eta: float | None = Field(
        None,
        gt=0,
        le=1e6,
        allow_inf_nan=False,
        description="a document then ends with one step of descent, w ← w − η ∂E/∂w",
    )


def document(question: BackpropRequest, network: NeuralNetwork, query: BackpropQuery) -> Document:
    """The computation worked out; raises what the core refuses."""
    x, y = _pairs(question, network)
    loss, reduction = question.loss_function, question.reduction
    solution = backprop_solution(
        network.layers,
        x,
        y,
        loss,
        query.rule,
        reduction,
        query.eta,
        question.book,
        by_rows=question.network.form.layout == "rows",
    )
    if not question.gradient_check:
        return solution
    result = network.backprop(x, y, loss, reduction)
    check = gradient_check(network.layers, x, y, loss, result, reduction)
    return Document(solution.title, (*solution.blocks, *gradient_check_part(check)))


def figure(question: BackpropRequest, network: NeuralNetwork, query: BackpropQuery) -> Figure:
    """The network drawn with its gradients; raises what the core refuses."""
    x, y = _pairs(question, network)
    return backprop_figure(
        network.layers,
        x,
        y,
        question.loss_function,
        query.rule,
        question.reduction,
        question.book,
    )


def _pairs(question: BackpropRequest, network: NeuralNetwork) -> tuple[np.ndarray, np.ndarray]:
    x = network.samples(question.x, "x")
    y = network.samples(question.targets(network), "y")
    require_equal_samples(x, y)
    return x, y
