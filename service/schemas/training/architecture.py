"""architecture: {"sizes" or "hidden", "activations", "seed"}: a network to be drawn."""

from typing import Annotated

from pydantic import Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from core.nn.initialization import INITIALIZATIONS
from service.schemas.request_model import (
    ActivationName,
    NameOrArray,
    RequestModel,
    Seed,
    TableChoice,
)
from service.settings import MAX_SCHEMA_LAYERS

InitializationName = Annotated[str, TableChoice.of(INITIALIZATIONS)]
Width = Annotated[int, Field(ge=1)]
Activations = Annotated[
    Annotated[ActivationName, Tag("(name)")]
    | Annotated[list[ActivationName], Tag("(array)"), Field(max_length=MAX_SCHEMA_LAYERS)],
    NameOrArray,
]


class Architecture(RequestModel):
    """A network to be drawn, by default as in docs/exercise-sheet.md.

    W ~ N(0, 2 / (d_in + d_out)), b = 0.

    Either all `sizes`, or the `hidden` layers alone: then inputs, outputs, the output activation
    and the loss follow from the data.
    """

    sizes: list[Width] | None = Field(
        None, min_length=2, max_length=MAX_SCHEMA_LAYERS + 1, description="d⁽⁰⁾, …, d⁽ᴸ⁾"
    )
    hidden: list[Width] | None = Field(
        None, max_length=MAX_SCHEMA_LAYERS - 1, description="d⁽¹⁾, …, d⁽ᴸ⁻¹⁾"
    )
    activations: Activations | None = Field(
        None,
        description="one per layer, or one for all of them; null: sigmoid, or with `hidden`, whose "
        "layers they then are, relu",
    )
    initialization: InitializationName = Field(
        "glorot", description="how weights are drawn; biases begin at 0"
    )
    seed: Seed = 0

    @model_validator(mode="after")
    def _either(self) -> "Architecture":
        if (self.sizes is None) == (self.hidden is None):
            raise PydanticCustomError("sizes_or_hidden", "give either sizes or hidden")
        return self
