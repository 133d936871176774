"""POST /approximate: the pieces of a question."""

from typing import Annotated

from pydantic import Field, Tag

from core.approximation.convergence import EVERY_GRID
from core.approximation.relu.quantization import MIN_BITS, MOST_BITS
from core.approximation.relu.relu_sum import OUTSIDE
from service.schemas.arrays import Samples, Vector
from service.schemas.request_model import NameOrArray, RequestModel, TableChoice

GridName = Annotated[str, TableChoice.of(EVERY_GRID)]
Grid = Annotated[
    Annotated[GridName, Tag("(name)")] | Annotated[Vector, Tag("(array)")], NameOrArray
]
FormulaText = Annotated[str, Field(max_length=1000, description="a formula in x, such as sin(x)")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Interval = Annotated[list[Number], Field(min_length=2, max_length=2, description="[a, b]")]
Points = Annotated[int, Field(ge=2)]
Tolerance = Annotated[float, Field(gt=0, le=1e300, allow_inf_nan=False)]
Outside = Annotated[str, TableChoice.of(OUTSIDE)]


class SamplesSchema(RequestModel):
    """A table of measurements in any order; x with several y needs a tolerance."""

    x: Vector
    y: Samples = Field(description="one number per x, or one interval [low, high]")
    weights: Vector | None = Field(
        None, description="w asks for w |NN(x) - y| within the tolerance; null: all 1"
    )


class QuantizeSchema(RequestModel):
    """Fixed point: knots are multiples of one power of 2, λ and bias of another."""

    bits: int = Field(ge=MIN_BITS, le=MOST_BITS, description="of a signed integer")
