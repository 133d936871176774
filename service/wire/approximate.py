"""POST /approximate: what may be asked for."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from core.approximation.expression import parse
from core.approximation.formula_target import SIDES, FormulaTarget
from core.approximation.grid import GRIDS, equidistant, strictly_increasing
from core.errors import InvalidGrid, Place
from service.limits import Limits
from service.wire.approximation import Approximation, of_samples, on_grid, smallest
from service.wire.form import Form, NameOrArray, OneOf
from service.wire.numbers import Vector

MINIMAL = "minimal"
OPERATIONS_AT_LEAST = 4_000_000
"""The error is sampled at some ten thousand points however small n is."""
OPERATIONS_PER_POINT = 500
OPERATIONS_PER_FREE_POINT = 10**8
"""A least error is searched with some thirty fits."""

GridName = Annotated[str, OneOf.of((*GRIDS, MINIMAL))]
Grid = Annotated[
    Annotated[GridName, Tag("(name)")] | Annotated[Vector, Tag("(array)")], NameOrArray
]
FormulaText = Annotated[str, Field(max_length=1000, description="a formula in x, such as sin(x)")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Interval = Annotated[list[Number], Field(min_length=2, max_length=2, description="[a, b]")]
Points = Annotated[int, Field(ge=2)]
Tolerance = Annotated[float, Field(gt=0, le=1e300, allow_inf_nan=False)]


class SamplesForm(Form):
    """A table of measurements, x increasing."""

    x: Vector
    y: Vector


class ApproximateQuestion(Form):
    """Either a function with an interval and n or tolerance, or with a grid, or samples."""

    function: FormulaText | None = None
    samples: SamplesForm | None = None
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
    side: Annotated[str, OneOf.of(SIDES)] = Field(
        "both", description="where NN may be: a certified under- or overestimator with minimal"
    )
    error: Literal["absolute", "relative"] = Field(
        "absolute", description="of tolerance and of what is proved; relative: a share of |f|"
    )

    @model_validator(mode="after")
    def _one_source(self) -> "ApproximateQuestion":
        if (self.function is None) == (self.samples is None):
            raise PydanticCustomError("one_source", "give either function or samples")
        if self.samples is not None:
            self._require_samples_alone()
        elif isinstance(self.rule, str):
            self._require_size()
        elif self.n or self.tolerance:
            raise PydanticCustomError("grid", "a grid of numbers has its own n, and no tolerance")
        if self.side != "both" and not self.is_minimal:
            raise PydanticCustomError("side", "only the grid minimal can keep to one side")
        return self

    def _require_samples_alone(self) -> None:
        if self.interval or self.n or self.tolerance or self.grid is not None:
            raise PydanticCustomError(
                "samples", "samples are their own grid: no interval, n, tolerance, grid"
            )
        if self.error != "absolute":
            raise PydanticCustomError("error", "the error of samples is absolute")

    def _require_size(self) -> None:
        if not self.interval or (self.n is None) == (self.tolerance is None):
            raise PydanticCustomError(
                "grid",
                "a function needs interval and n, or interval and tolerance, or a grid of numbers",
            )
        if self.tolerance and not self.is_minimal:
            raise PydanticCustomError("grid", "a tolerance needs the grid minimal")

    @property
    def rule(self) -> str | np.ndarray:
        """The grid that is meant."""
        if self.grid is not None:
            return self.grid
        return "equidistant" if self.tolerance is None else MINIMAL

    @property
    def is_minimal(self) -> bool:
        """Whether knots and values are to be found."""
        return isinstance(self.rule, str) and self.rule == MINIMAL

    @property
    def size(self) -> int:
        """How many points the grid will have; 0 where that is the question."""
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
        """What n points cost; a tolerance is priced when the shape of f is known."""
        each = OPERATIONS_PER_FREE_POINT if self.is_minimal else OPERATIONS_PER_POINT
        return OPERATIONS_AT_LEAST + each * self.size

    def approximate(self, limits: Limits) -> Approximation:
        """Find the network, measure and prove its error; raises what the core refuses."""
        if self.samples is not None:
            return of_samples(self.samples.x, self.samples.y)
        function, relative = parse(self.function or ""), self.error == "relative"
        if isinstance(self.rule, str):
            a, b = self.interval or (0.0, 0.0)
            equidistant(a, b, 2)  # refuses what is no interval
            target = FormulaTarget(function, (a, b), self.side, relative)
            if self.is_minimal:
                return smallest(target, self.n, self.tolerance, limits)
            return on_grid(target, GRIDS[self.rule](a, b, self.n or 0))
        grid = self._given_points(self.rule)
        ends = (float(grid[0]), float(grid[-1]))
        return on_grid(FormulaTarget(function, ends, relative=relative), grid)

    def _given_points(self, points: np.ndarray) -> np.ndarray:
        grid = strictly_increasing(points)
        if self.interval and not self.interval[0] <= grid[0] <= grid[-1] <= self.interval[1]:
            raise InvalidGrid(
                f"the grid reaches from {grid[0]:g} to {grid[-1]:g}, "
                f"but the interval from {self.interval[0]:g} to {self.interval[1]:g}",
                ("grid",),
            )
        return grid
