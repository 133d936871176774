"""Fields of POST /approximate."""

import re
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from core.approximation.convergence import EVERY_GRID
from core.approximation.formula.formula import constant_value
from core.approximation.relu.quantization import MIN_BITS, MOST_BITS
from core.approximation.relu.relu_sum import OUTSIDE
from service.schemas.arrays import Samples, Vector
from service.schemas.error_location import set_location
from service.schemas.request_model import NameOrArray, RequestModel, TableChoice

GridName = Annotated[str, TableChoice.of(EVERY_GRID)]
Grid = Annotated[
    Annotated[GridName, Tag("(name)")] | Annotated[Vector, Tag("(array)")], NameOrArray
]
FormulaText = Annotated[str, Field(max_length=1000, description="a formula in x, such as sin(x)")]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _kind_of_end(end: Any) -> str:
    """Distinguish a formula from a number; a number in quotes is refused as everywhere."""
    return "(formula)" if isinstance(end, str) and not NUMBER.fullmatch(end) else "(number)"


NUMBER = re.compile(r"\s*[-+]?[\d.]+([eE][-+]?\d+)?\s*")
IntervalEnd = Annotated[
    Annotated[Number, Tag("(number)")]
    | Annotated[str, Field(max_length=100, description="such as 2*pi"), Tag("(formula)")],
    Discriminator(_kind_of_end),
]
Interval = Annotated[
    list[IntervalEnd],
    Field(min_length=2, max_length=2, description="[a, b]: numbers, or formulas without x"),
]
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


def interval_ends(interval: list[float | str] | None) -> tuple[float, float] | None:
    """The ends as numbers; raises what `constant_value` raises, at the end that it is about."""
    if interval is None:
        return None
    ends = []
    for i, end in enumerate(interval):
        with set_location("interval", i):
            ends.append(constant_value(end) if isinstance(end, str) else end)
    return ends[0], ends[1]
