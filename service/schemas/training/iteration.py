"""GET /train/{id}/steps/{k}: one iteration, worked out."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from core.errors import OutOfDomain, counted
from core.neural_network import NeuralNetwork
from core.training.replay import Iteration
from service.schemas.arrays import Matrix, Numbers, Vector
from service.schemas.network import NetworkResponse
from service.schemas.rounding import RoundedQuery

LARGEST_ROW = 2**53


class StepQuery(RoundedQuery):
    """Which samples of the batch the answer has, and how a document is rounded."""

    rows: Literal["all", "none"] = Field(
        "all", description="none: the gradients and updates alone, without a number per sample"
    )
    row: int | None = Field(
        None,
        ge=0,
        le=LARGEST_ROW,
        description="the numbers of this sample alone, by its place in the data, from 0",
    )

    @property
    def selection(self) -> str:
        """A name for the samples chosen."""
        return f"row-{self.row}" if self.row is not None else self.rows


@dataclass(frozen=True)
class IterationLayer:
    """A layer: s, x and delta of the samples shown, and the gradients of the whole batch."""

    s: Matrix | None
    x: Matrix | None
    delta: Matrix | None
    weights_gradient: Numbers
    biases_gradient: Numbers


@dataclass(frozen=True)
class UpdateResponse:
    """What the optimizer added to the parameters of a layer."""

    weights: Matrix
    biases: Vector


@dataclass(frozen=True)
class IterationResponse:
    """Iteration k: the network before it, its batch, every number on it, and what it changed.

    `rows` are the samples shown, by their place in the data, from 0: the whole batch, unless the
    query chooses; with `rows=none` all that belongs to single samples is null. The gradients are of
    the mean loss of the whole batch. A training with `standardize` works on scaled numbers, and
    these are they. `weights` multiply the losses of the samples, null without.
    """

    iteration: int
    rows: Vector | None
    x: Matrix | None
    y: Matrix | None
    weights: Vector | None
    network: NetworkResponse
    loss: float
    output: Matrix | None
    layers: list[IterationLayer]
    updates: list[UpdateResponse]

    @staticmethod
    def of(seen: Iteration, query: StepQuery | None = None) -> "IterationResponse":
        """Pack the samples chosen; raises `OutOfDomain` for one that the batch does not have."""
        places = _places(seen, query or StepQuery())

        def shown(values: np.ndarray) -> np.ndarray | None:
            return None if places is None else values[places]

        result = seen.backpropagation
        return IterationResponse(
            iteration=seen.number,
            rows=shown(seen.rows),
            x=shown(seen.x),
            y=shown(seen.y),
            weights=None if seen.weights is None else shown(seen.weights),
            network=NetworkResponse.of(NeuralNetwork(seen.before)),
            loss=float(result.loss),
            output=shown(result.trace.output),
            layers=[
                IterationLayer(shown(s), shown(x), shown(delta), gradient.weights, gradient.biases)
                for s, x, delta, gradient in zip(
                    result.trace.s, result.trace.x[1:], result.delta, result.gradients, strict=True
                )
            ],
            updates=[
                UpdateResponse(after.weights - before.weights, after.biases - before.biases)
                for before, after in zip(seen.before, seen.after, strict=True)
            ],
        )


def _places(seen: Iteration, query: StepQuery) -> np.ndarray | None:
    """Where the chosen samples stand in the batch; None without any."""
    if query.row is not None:
        places = np.flatnonzero(seen.rows == query.row)
        if not len(places):
            raise OutOfDomain(
                f"sample {query.row} is not in the batch of iteration {seen.number}, which has "
                f"{counted(len(seen.rows), 'sample')}",
                ("query", "row"),
            )
        return places
    return np.arange(len(seen.rows)) if query.rows == "all" else None
