"""Requests for an approximation or a comparison as values: checked, priced and run."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.approximation import cost
from core.approximation.approximate_function import affordable_gates, approximate_function
from core.approximation.approximate_samples import approximate_samples
from core.approximation.budget import Budget
from core.approximation.convergence import Comparison, convergence
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.grids import EQUIDISTANT, MINIMAL
from core.approximation.polyline.sample_table import SampleTable, table_of
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.result import Approximation
from core.approximation.theory import theory_of
from core.arrays import Array, within_floats
from core.errors import Place

NUMBERS_PER_POINT = 7


@dataclass(frozen=True, eq=False)
class Measurements:
    """Samples as a client gives them; y has one number per x, or one interval [low, high]."""

    x: Array
    y: Array
    weights: Array | None = None

    @property
    def table(self) -> SampleTable:
        """The samples checked and in order; raises what `table_of` raises."""
        return table_of(self.x, self.y, self.weights)


@dataclass(frozen=True, eq=False)
class ApproximationRequest:
    """A formula or samples, and the network wanted for them.

    `rule` names a grid or is the grid itself; of a named grid either `n` or `tolerance` is given.
    Samples are interpolated, or fitted where `n` or `tolerance` is given. `options` of None ask
    for the sum of the exercise sheet (docs/exercise-sheet.md).
    """

    function: str | None = None
    samples: Measurements | None = None
    interval: tuple[float, float] | None = None
    rule: str | Array = EQUIDISTANT
    n: int | None = None
    tolerance: float | None = None
    side: str = "both"
    relative: bool = False
    options: DeploymentOptions | None = None
    values: Array | None = None
    """Heights at the points of a given grid, in place of those of f."""
    prove: bool = True
    curve: int | None = None
    """How many points of f and of the network are answered for drawing."""

    @property
    def is_minimal(self) -> bool:
        """Whether the smallest network of a formula is searched for."""
        return self.samples is None and isinstance(self.rule, str) and self.rule == MINIMAL

    @property
    def is_fitted(self) -> bool:
        """Whether NN only has to be near the samples."""
        intervals = self.samples is not None and self.samples.y.ndim == 2
        return intervals or self.n is not None or self.tolerance is not None

    @property
    def size(self) -> int:
        """The largest number of grid points; 0 where a tolerance decides about it."""
        if self.samples is not None:
            return len(self.samples.x)
        return self.n or (0 if isinstance(self.rule, str) else len(self.rule))

    @property
    def size_place(self) -> Place:
        """The key of the request that determines `size`."""
        if self.samples is not None:
            return ("samples", "x")
        return ("n",) if self.n else ("grid",)

    @property
    def operations(self) -> int:
        """The cost of `size` points; a tolerance is priced when the shape of f is known."""
        if self.samples is not None:
            return cost.of_samples(self.size, self.is_fitted, self.n is not None)
        if isinstance(self.rule, str):
            return cost.grid_cost(self.rule, self.size, self.prove)
        return cost.of_given_points(self.size, self.prove)

    @property
    def target(self) -> FormulaTarget:
        """The function on its interval; raises what `FormulaTarget.parse` raises."""
        return FormulaTarget.parse(
            self.function or "", self.rule, self.interval, self.side, self.relative
        )

    def require_affordable(self, budget: Budget) -> None:
        """Bound what is known before any work; raises `LimitExceeded`."""
        budget.points(self.size, self.size_place)
        budget.points(self.curve or 0, ("curve",))
        budget.array_elements(NUMBERS_PER_POINT * self.size + 3 * (self.curve or 0))
        budget.operations(self.operations)

    def validate_early(self, budget: Budget) -> None:
        """Raise what can be refused without the search: formula, interval, cost of a tolerance."""
        if self.samples is not None:
            _ = self.samples.table
            return
        with within_floats("function"):
            target = self.target
            find_singularities(target.function, target.interval)
            if self.is_minimal and self.tolerance:
                affordable_gates(target, self.tolerance, budget)

    def run(self, budget: Budget) -> Approximation:
        """Find the network, measure and prove its error; raises `MathematicalError`."""
        if self.samples is not None:
            with within_floats("samples"):
                return approximate_samples(
                    self.samples.table, self.is_fitted, self.n, self.tolerance, self.options
                )
        with within_floats("function"):
            points = self.n or self.tolerance if isinstance(self.rule, str) else self.rule
            return approximate_function(
                self.target, self.rule, points, self.options, budget, self.values, self.prove
            )


@dataclass(frozen=True)
class ComparisonRequest:
    """A formula, to be approximated on every grid with every n."""

    function: str
    interval: tuple[float, float]
    n: Sequence[int]
    grids: Sequence[str]

    @property
    def operations(self) -> int:
        """The cost of all experiments, each with its error."""
        return sum(cost.grid_cost(grid, n) for grid in set(self.grids) for n in set(self.n))

    @property
    def target(self) -> FormulaTarget:
        """The formula on its interval; raises what `FormulaTarget.parse` raises."""
        return FormulaTarget.parse(self.function, EQUIDISTANT, self.interval)

    def require_affordable(self, budget: Budget) -> None:
        """Bound the points and the operations of all experiments; raises `LimitExceeded`."""
        budget.points(len(set(self.grids)) * sum(set(self.n)), ("n",))
        budget.operations(self.operations)

    def validate_early(self, budget: Budget) -> None:
        """Raise what can be refused without the experiments: formula and interval."""
        with within_floats("function"):
            target = self.target
            find_singularities(target.function, target.interval)

    def run(self, budget: Budget) -> Comparison:
        """Make the error table, grid by grid, n increasing; raises `MathematicalError`."""
        target, grids = self.target, list(dict.fromkeys(self.grids))
        with within_floats("function"):
            find_singularities(target.function, target.interval)
            rows = convergence(target.function, target.interval, sorted(set(self.n)), grids)
            return Comparison(self.function, rows, theory_of(target))
