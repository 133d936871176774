"""POST /approximate/compare: several n and grids at once → errors, orders and theory."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.approximation.convergence import EVERY_GRID, Comparison
from core.approximation.request import ComparisonRequest
from service.schemas.approximation.fields import (
    FormulaText,
    GridName,
    Interval,
    Points,
    interval_ends,
)
from service.schemas.request_model import RequestModel

MAX_EXPERIMENTS = 64


class CompareRequest(RequestModel):
    """The experiments: every grid with every n."""

    function: FormulaText
    interval: Interval
    n: list[Points] = Field(
        default_factory=lambda: [5, 9, 17, 33, 65], min_length=1, max_length=MAX_EXPERIMENTS
    )
    grids: list[Annotated[GridName, Field()]] = Field(
        default_factory=lambda: list(EVERY_GRID), min_length=1, max_length=MAX_EXPERIMENTS
    )

    def to_core(self) -> ComparisonRequest:
        """The request as a value of the core."""
        a, b = interval_ends(self.interval) or (0.0, 0.0)
        return ComparisonRequest(self.function, (a, b), self.n, self.grids)


@dataclass(frozen=True)
class ExperimentResponse:
    """One grid with one n; `observed_order` p in max_error ~ (n - 1)^-p, from the n before."""

    grid: str
    n: int
    spacing: float
    max_error: float
    rms_error: float
    observed_order: float | None


@dataclass(frozen=True)
class TheoryResponse:
    """Errors of n points by theory: h²/8 max|f″|, (∫√|f″|)²/(8 (n - 1)²), and half of that.

    The first is a bound on the grid `equidistant`, the second what the best knots come to with f's
    own values, the third with free ones (`minimal`). Null where f″ is not bounded.
    """

    n: int
    equidistant: float | None
    free_knots: float | None
    free_values: float | None


@dataclass(frozen=True)
class CompareResponse:
    """The error table, and the lines of theory beside it."""

    experiments: list[ExperimentResponse]
    theory: list[TheoryResponse]

    @staticmethod
    def of(comparison: Comparison) -> "CompareResponse":
        """Pack the table."""
        sizes = sorted({experiment.n for experiment in comparison.experiments})
        return CompareResponse(
            [ExperimentResponse(**vars(experiment)) for experiment in comparison.experiments],
            [TheoryResponse(n, *comparison.theory.at(n)) for n in sizes],
        )
