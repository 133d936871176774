"""network: {"layers": [{"weights", "biases", "activation"}, …]}."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from pydantic import Field

from core.conventions import WeightsForm
from core.errors import OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.nn.activations import FORWARD_ONLY
from service.schemas.arrays import Matrix, Vector
from service.schemas.request_model import LayerActivationName, RequestModel
from service.settings import MAX_SCHEMA_LAYERS


class LayerSchema(RequestModel):
    """One layer: one row of weights and one bias per unit."""

    weights: Matrix = Field(description="w, one row per unit (d_out × d_in)")
    biases: Vector | None = Field(
        None, description="b, one number per unit; null: no biases, or they are in the weights"
    )
    activation: LayerActivationName = Field(
        description="σ of this layer; softmax only in the last, step only in a forward pass"
    )


class NetworkSchema(RequestModel):
    """Layers in the order the input meets them."""

    layers: list[LayerSchema] = Field(min_length=1, max_length=MAX_SCHEMA_LAYERS)
    layout: Literal["columns", "rows"] = Field(
        "columns",
        description="rows: weights and their gradients are d_in × d_out, as for row vectors x W",
    )
    bias: Literal["apart", "first", "last"] = Field(
        "apart", description="first, last: that column of the weights (row, by rows) is the bias"
    )

    def to_core(self, precision: str = "float64", steps: bool = False) -> NeuralNetwork:
        """The network with one row of weights per unit; with `steps` it may have step functions.

        Raises `OutOfDomain` for others, `ShapeMismatch` where two layers do not fit, with advice
        where another layout would, and `NotFinite` beyond the precision.
        """
        for number, layer in enumerate(self.layers if not steps else ()):
            if layer.activation in FORWARD_ONLY:
                raise OutOfDomain(
                    f"{layer.activation} has no slope that a gradient could pass: it is for "
                    "/forward, and with the loss perceptron for /solution and /check",
                    ("network", "layers", number, "activation"),
                )
        parameters = [self._parameters(number) for number in range(len(self.layers))]
        weights, biases = zip(*parameters, strict=True)
        activations = [layer.activation for layer in self.layers]
        try:
            return NeuralNetwork.from_parameters(weights, biases, activations, dtype=precision)
        except ShapeMismatch as error:
            raise ShapeMismatch(error.detail + self._advice(weights), error.place) from error

    @property
    def form(self) -> WeightsForm:
        """In which form the weights are, and their gradients are answered."""
        return WeightsForm(self.layout, self.bias)

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The widths of the input and of the output, where the weights are matrices."""
        first, last = np.asarray(self.layers[0].weights), np.asarray(self.layers[-1].weights)
        inputs, units = (0, 1) if self.layout == "rows" else (1, 0)
        biases = 0 if self.bias == "apart" else 1
        return (
            first.shape[inputs] - biases if first.ndim == 2 else None,
            last.shape[units] if last.ndim == 2 else None,
        )

    def _parameters(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        layer = self.layers[number]
        matrix = np.asarray(layer.weights)
        width = matrix.shape[0 if self.layout == "rows" else -1]
        weights, biases = self.form.read(matrix, width - 1)
        if biases is None:
            return weights, np.zeros(len(weights)) if layer.biases is None else layer.biases
        place = ("network", "layers", number)
        if layer.biases is not None:
            raise ShapeMismatch("the biases are in the weights already", (*place, "biases"))
        if width < 2:
            raise ShapeMismatch("the weights have the bias and nothing else", (*place, "weights"))
        return weights, biases

    def _advice(self, weights: tuple[np.ndarray, ...]) -> str:
        """What to declare where the weights would fit by another layout."""
        shapes = [one.shape for one in weights]
        if all(below[1] == above[0] for below, above in pairwise(shapes)):
            other = "columns" if self.layout == "rows" else "rows"
            return f'; transposed: did you mean "layout": "{other}"?'
        if self.bias == "apart" and all(
            below[0] + 1 == above[1] for below, above in pairwise(shapes)
        ):
            return '; one column too many: did you mean "bias": "first" or "last"?'
        return ""


@dataclass(frozen=True)
class LayerResponse:
    """A layer as `/forward` takes it."""

    weights: Matrix
    biases: Vector
    activation: LayerActivationName


@dataclass(frozen=True)
class NetworkResponse:
    """A network as `/forward` takes it."""

    layers: list[LayerResponse]

    @staticmethod
    def of(network: NeuralNetwork) -> "NetworkResponse":
        """Unpack the core's network."""
        return NetworkResponse(
            [
                LayerResponse(layer.weights, layer.biases, layer.activation.name)
                for layer in network.layers
            ]
        )
