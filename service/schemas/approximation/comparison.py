"""POST /approximate/compare: several n and grids at once → errors, orders, and what theory says."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from core.approximation import cost as cost
from core.approximation.convergence import EVERY_GRID, Comparison, convergence
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.formula.formula import parse
from core.approximation.grids import equidistant
from core.approximation.polyline.target import FormulaTarget
from core.approximation.theory import theory_of
from core.arrays import within_floats
from service.limits import Limits
from service.schemas.approximation.fields import FormulaText, GridName, Interval, Points
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

    @property
    def points(self) -> int:
        """Of all grids together."""
        return len(set(self.grids)) * sum(set(self.n))

    @property
    def operations(self) -> int:
        """What all of them cost, each with its error."""
        return sum(cost.grid_cost(grid, n) for grid in set(self.grids) for n in set(self.n))

    def require_affordable(self, limits: Limits) -> None:
        """Bound the work by what the question says; raises `LimitExceeded`."""
        limits.points(self.points, ("n",))
        limits.operations(self.operations)

    def validate_early(self, limits: Limits) -> None:
        """Raise what can be refused without the work: formula and interval."""
        with within_floats("function"):
            target = self.target()
            find_singularities(target.function, target.interval)

    def target(self) -> FormulaTarget:
        """The formula on its interval; raises what the core refuses of both."""
        a, b = self.interval
        equidistant(a, b, 2)  # refuses what is no interval
        return FormulaTarget(parse(self.function), (a, b))

    def compare(self) -> Comparison:
        """The table, grid by grid, n increasing; raises what the core refuses."""
        target, grids = self.target(), list(dict.fromkeys(self.grids))
        with within_floats("function"):
            find_singularities(target.function, target.interval)
            rows = convergence(target.function, target.interval, sorted(set(self.n)), grids)
            return Comparison(self.function, rows, theory_of(target))


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
    """What theory says of n points: h²/8 max|f″|, (∫√|f″|)²/(8 (n - 1)²), and half of that.

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
