"""architecture: {"sizes", "activations", "seed"} → the layers of a network to be drawn."""

from typing import Annotated

import numpy as np
from pydantic import Field, Tag

from core.neural_network import NeuralNetwork
from core.nn.initialization import initial_layers
from core.nn.layer import Layer
from service.schemas.error_location import set_location
from service.schemas.request_model import ActivationName, NameOrArray, RequestModel, Seed
from service.settings import MAX_SCHEMA_LAYERS

Width = Annotated[int, Field(ge=1)]
Activations = Annotated[
    Annotated[ActivationName, Tag("(name)")]
    | Annotated[list[ActivationName], Tag("(array)"), Field(max_length=MAX_SCHEMA_LAYERS)],
    NameOrArray,
]


class Architecture(RequestModel):
    """A network to be drawn: w ~ N(0, 2 / (d_in + d_out)), b = 0."""

    sizes: list[Width] = Field(
        min_length=2, max_length=MAX_SCHEMA_LAYERS + 1, description="d⁽⁰⁾, …, d⁽ᴸ⁾"
    )
    activations: Activations = Field("sigmoid", description="one per layer, or one for all of them")
    seed: Seed = 0

    def layers(self) -> tuple[Layer, ...]:
        """The same layers for the same seed, for ever."""
        layers = initial_layers(self.sizes, self.activations, np.random.default_rng(self.seed))
        with set_location("architecture", "activations"):
            return NeuralNetwork(layers).layers
