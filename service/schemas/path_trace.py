"""`trace` of POST /backprop: one parameter, and its gradient as a sum over paths."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field

from core.nn.path_products import Parameter, PathSum, Start
from service.schemas.request_model import RequestModel

Number = Annotated[int, Field(ge=1, le=2**31)]


class TraceRequest(RequestModel):
    """w_(to, from)⁽ˡ⁾, counted from 1; `from` null: the bias b_to⁽ˡ⁾."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    layer: Number = Field(description="l")
    to: Number = Field(description="the unit in which the edge ends")
    below: Number | None = Field(
        None, alias="from", description="the unit at which it begins; null: the bias"
    )
    at_most: int = Field(8, ge=1, le=1000, description="paths listed; the others are summed")

    @property
    def parameter(self) -> Parameter:
        """The same, counted from 0."""
        return Parameter(
            self.layer - 1, self.to - 1, None if self.below is None else self.below - 1
        )


@dataclass(frozen=True)
class PathResponse:
    """Units of layers l, l + 1, …, counted from 1; factors from E down to the parameter."""

    units: list[int]
    factors: list[float]
    product: float


@dataclass(frozen=True)
class TraceResponse:
    """The gradient `sum` of the parameter, path by path.

    Factors begin with ∂E/∂x⁽ᴸ⁾ and σ′(s⁽ᴸ⁾) where `start` is x, with ∂E/∂s where it is s; then come
    weights and slopes in turn, and last ∂s/∂w = x⁽ˡ⁻¹⁾, for a bias 1. Of `count` paths those with
    the largest products are listed; `rest` is the sum of the others. With more than 10 000 paths
    `grouped` is true: those through one unit of the next layer are one, which begins with its δ.
    """

    count: int
    paths: list[PathResponse]
    sum: float
    rest: float
    start: Start
    grouped: bool

    @staticmethod
    def of(found: PathSum, at_most: int) -> "TraceResponse":
        """Unpack the core's sum."""
        listed, rest = found.largest(at_most)
        paths = [
            PathResponse([unit + 1 for unit in path.units], list(path.factors), path.product)
            for path in listed
        ]
        return TraceResponse(found.count, paths, found.total, rest, found.start, found.grouped)
