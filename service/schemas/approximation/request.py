"""POST /approximate: what may be asked for."""

from typing import Annotated, Literal, NoReturn

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core.approximation import cost as cost
from core.approximation.approximate_function import affordable_gates, approximate_function
from core.approximation.approximate_samples import approximate_samples
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.minimal.smallest_for_samples import SampleTable, table_of
from core.approximation.polyline.target import SIDES, FormulaTarget, parse_target
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.result import Approximation
from core.arrays import within_floats
from core.errors import Place
from service.limits import Limits
from service.schemas.approximation.fields import (
    FormulaText,
    Grid,
    Interval,
    Outside,
    Points,
    QuantizeSchema,
    SamplesSchema,
    Tolerance,
)
from service.schemas.request_model import Precision, RequestModel, TableChoice

MINIMAL = "minimal"
NUMBERS_PER_POINT = 7


class ApproximateRequest(RequestModel):
    """A function with an interval and n or tolerance, or with a grid of numbers; or samples."""

    function: FormulaText | None = None
    samples: SamplesSchema | None = None
    interval: Interval | None = None
    n: Points | None = Field(None, description="how many grid points")
    tolerance: Tolerance | None = Field(
        None, description="instead of n: the largest error allowed, with as few points as possible"
    )
    grid: Grid | None = Field(
        None,
        description="a rule for the points, or the points themselves; "
        "null: equidistant with n, minimal with tolerance",
    )
    side: Annotated[str, TableChoice.of(SIDES)] = Field(
        "both", description="where NN may be: a certified under- or overestimator with minimal"
    )
    error: Literal["absolute", "relative"] = Field(
        "absolute", description="of tolerance and of what is proved; relative: a share of |f|"
    )
    outside: Outside | None = Field(
        None,
        description="of [a, b]: linear goes on with the outer slopes, clamp stays at the ends; "
        "null: the sheet's sum, 0 left of its first knot (clamp for short numbers)",
    )
    precision: Precision = Field("float64", description="of knots, λ and bias of the network")
    quantize: QuantizeSchema | None = Field(
        None, description="fixed-point knots, λ and bias; the guarantee covers the rounding"
    )

    @model_validator(mode="after")
    def _consistent(self) -> "ApproximateRequest":
        require_consistent(self)
        return self

    @property
    def rule(self) -> str | np.ndarray:
        """The grid that is meant."""
        if self.grid is not None:
            return self.grid
        return "equidistant" if self.tolerance is None else MINIMAL

    @property
    def is_minimal(self) -> bool:
        """Whether knots and values of a formula's network are to be found."""
        return self.samples is None and isinstance(self.rule, str) and self.rule == MINIMAL

    @property
    def is_fitted(self) -> bool:
        """Whether NN only has to be near the samples."""
        pairs = self.samples is not None and self.samples.y.ndim == 2
        return pairs or self.n is not None or self.tolerance is not None

    @property
    def choice(self) -> DeploymentOptions | None:
        """How the network is embedded; None for the sheet's own sum."""
        if self.outside is None and self.precision == "float64" and self.quantize is None:
            return None
        bits = self.quantize.bits if self.quantize else None
        return DeploymentOptions(self.outside or "clamp", self.precision, bits)

    @property
    def size(self) -> int:
        """How many points the grid will have at most; 0 where that is the question."""
        if self.samples is not None:
            return len(self.samples.x)
        return self.n or (0 if isinstance(self.rule, str) else len(self.rule))

    @property
    def size_place(self) -> Place:
        """Where that is said."""
        if self.samples is not None:
            return ("samples", "x")
        return ("n",) if self.n else ("grid",)

    @property
    def operations(self) -> int:
        """What that many points cost; a tolerance is priced when the shape of f is known."""
        if self.samples is not None:
            return cost.of_samples(self.size, self.is_fitted, self.n is not None)
        if isinstance(self.rule, str):
            return cost.grid_cost(self.rule, self.size)
        return cost.of_given_points(self.size)

    @property
    def table(self) -> SampleTable:
        """The samples as a table; raises what the core refuses of them."""
        assert self.samples is not None  # noqa: S101 - asked of samples only
        return table_of(self.samples.x, self.samples.y, self.samples.weights)

    @property
    def target(self) -> FormulaTarget:
        """The function that is approximated; raises what the core refuses of it."""
        relative = self.error == "relative"
        return parse_target(self.function or "", self.rule, self.interval, self.side, relative)

    def require_affordable(self, limits: Limits) -> None:
        """Bound the work by what the question says; raises `LimitExceeded`."""
        limits.points(self.size, self.size_place)
        limits.numbers(NUMBERS_PER_POINT * self.size)
        limits.operations(self.operations)

    def validate_early(self, limits: Limits) -> None:
        """Raise what can be refused without the work: formula, interval, price of a tolerance."""
        if self.samples is not None:
            _ = self.table
        else:
            with within_floats("function"):
                target = self.target
                find_singularities(target.function, target.interval)
                if self.is_minimal and self.tolerance:
                    affordable_gates(target, self.tolerance, limits)

    def approximate(self, limits: Limits) -> Approximation:
        """Find the network, measure and prove its error; raises what the core refuses."""
        if self.samples is not None:
            with within_floats("samples"):
                return approximate_samples(
                    self.table, self.is_fitted, self.n, self.tolerance, self.choice
                )
        with within_floats("function"):
            points = self.n or self.tolerance if isinstance(self.rule, str) else self.rule
            return approximate_function(self.target, self.rule, points, self.choice, limits)


def require_consistent(question: "ApproximateRequest") -> None:
    """Raise `PydanticCustomError` where two parts of the question exclude one another."""
    if (question.function is None) == (question.samples is None):
        _refuse("one_source", "give either function or samples")
    if question.samples is not None:
        _require_samples_alone(question)
    else:
        _require_size(question)
    if question.side != "both" and not question.is_minimal:
        _refuse("side", "only the grid minimal can keep to one side")
    if question.precision == "float32" and question.quantize:
        _refuse("precision", "numbers are either float32 or quantized")
    if (
        question.error == "relative"
        and question.choice is not None
        and question.choice.is_reduced_precision
    ):
        _refuse("error", "short numbers have an absolute error")


def _require_samples_alone(question: "ApproximateRequest") -> None:
    if question.interval or question.grid is not None:
        _refuse("samples", "samples are their own grid: no interval, no grid")
    if question.n and question.tolerance:
        _refuse("samples", "samples take n or tolerance, not both")
    if question.error != "absolute":
        _refuse("error", "the error of samples is absolute")
    if question.samples and question.samples.weights is not None and not question.is_fitted:
        _refuse("samples", "weights need n or tolerance")


def _require_size(question: "ApproximateRequest") -> None:
    if not isinstance(question.rule, str):
        if question.n or question.tolerance:
            _refuse("grid", "a grid of numbers has its own n, and no tolerance")
    elif not question.interval or (question.n is None) == (question.tolerance is None):
        _refuse(
            "grid",
            "a function needs interval and n, or interval and tolerance, or a grid of numbers",
        )
    elif question.tolerance and question.error == "relative" and not question.is_minimal:
        _refuse("grid", "a relative tolerance needs the grid minimal")


def _refuse(kind: str, sentence: str) -> NoReturn:
    raise PydanticCustomError(kind, sentence)
