"""network: {"layers": [{"weights", "biases", "activation"}, …]}."""

from dataclasses import dataclass

from pydantic import Field

from core.neural_network import NeuralNetwork
from service.schemas.arrays import Matrix, Vector
from service.schemas.request_model import ActivationName, RequestModel
from service.settings import MAX_SCHEMA_LAYERS


class LayerSchema(RequestModel):
    """One layer: one row of weights and one bias per unit."""

    weights: Matrix = Field(description="w, one row per unit (d_out × d_in)")
    biases: Vector = Field(description="b, one number per unit")
    activation: ActivationName = Field(description="σ of this layer; softmax only in the last")


class NetworkSchema(RequestModel):
    """Layers in the order the input meets them."""

    layers: list[LayerSchema] = Field(min_length=1, max_length=MAX_SCHEMA_LAYERS)

    def to_core(self, precision: str = "float64") -> NeuralNetwork:
        """Raise `ShapeMismatch` where two layers do not fit, `NotFinite` beyond the precision."""
        return NeuralNetwork.from_parameters(
            [layer.weights for layer in self.layers],
            [layer.biases for layer in self.layers],
            [layer.activation for layer in self.layers],
            dtype=precision,
        )


@dataclass(frozen=True)
class LayerResponse:
    """A layer as `/forward` takes it."""

    weights: Matrix
    biases: Vector
    activation: ActivationName


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
