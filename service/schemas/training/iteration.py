"""GET /train/{id}/steps/{k}: one iteration, worked out."""

from dataclasses import dataclass

from core.neural_network import NeuralNetwork
from core.training.replay import Iteration
from service.schemas.arrays import Matrix, Samples, Vector
from service.schemas.backprop import BackpropLayer
from service.schemas.network import NetworkResponse


@dataclass(frozen=True)
class UpdateResponse:
    """What the optimizer added to the parameters of a layer."""

    weights: Matrix
    biases: Vector


@dataclass(frozen=True)
class IterationResponse:
    """Iteration k: the network before it, its batch, every number on it, and what it changed.

    `rows` are the samples of the batch by their place in the data, from 0. The gradients are of the
    mean loss of the batch.
    """

    iteration: int
    rows: Vector
    x: Matrix
    y: Matrix
    network: NetworkResponse
    loss: float
    output: Samples
    layers: list[BackpropLayer]
    updates: list[UpdateResponse]

    @staticmethod
    def of(seen: Iteration) -> "IterationResponse":
        """Pack what was replayed."""
        result = seen.backpropagation
        return IterationResponse(
            iteration=seen.number,
            rows=seen.rows,
            x=seen.x,
            y=seen.y,
            network=NetworkResponse.of(NeuralNetwork(seen.before)),
            loss=float(result.loss),
            output=result.trace.output,
            layers=[
                BackpropLayer(s, x, delta, gradient.weights, gradient.biases)
                for s, x, delta, gradient in zip(
                    result.trace.s, result.trace.x[1:], result.delta, result.gradients, strict=True
                )
            ],
            updates=[
                UpdateResponse(after.weights - before.weights, after.biases - before.biases)
                for before, after in zip(seen.before, seen.after, strict=True)
            ],
        )
