"""POST /approximate: a function or samples → the ReLU network of the sheet's Task 7."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from core.approximation.expression import Formula, parse
from core.approximation.grid import GRIDS, largest_spacing, strictly_increasing
from core.approximation.relu_interpolation import (
    ReluInterpolation,
    interpolate_function,
    interpolate_samples,
)
from core.approximation.sampled_error import SampledError, sample_error, sampled_error
from core.approximation.triangular_system import residuals, triangular_matrix
from core.errors import InvalidGrid, Place
from service.limits import Limits
from service.wire.form import Form, NameOrArray, OneOf
from service.wire.network import NetworkAnswer
from service.wire.numbers import Matrix, Vector

MOST_ROWS = 16
"""Up to so many points the triangular system is printed."""

GridName = Annotated[str, OneOf.of(GRIDS)]
Grid = Annotated[
    Annotated[GridName, Tag("(name)")] | Annotated[Vector, Tag("(array)")], NameOrArray
]
FormulaText = Annotated[str, Field(max_length=1000, description="a formula in x, such as sin(x)")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Interval = Annotated[list[Number], Field(min_length=2, max_length=2, description="[a, b]")]
Points = Annotated[int, Field(ge=2)]


class SamplesForm(Form):
    """A table of measurements, x increasing."""

    x: Vector
    y: Vector


class ApproximateQuestion(Form):
    """Either a function with an interval and n, or with a grid of numbers, or samples."""

    function: FormulaText | None = None
    samples: SamplesForm | None = None
    interval: Interval | None = None
    n: Points | None = Field(None, description="how many grid points")
    grid: Grid = Field("equidistant", description="a rule for the points, or the points themselves")

    @model_validator(mode="after")
    def _one_source(self) -> "ApproximateQuestion":
        named = isinstance(self.grid, str)
        if (self.function is None) == (self.samples is None):
            raise PydanticCustomError("one_source", "give either function or samples")
        if self.samples is not None and (self.interval or self.n or not named):
            raise PydanticCustomError("samples", "samples are their own grid: no interval, n, grid")
        if self.function is not None and named and not (self.interval and self.n):
            raise PydanticCustomError(
                "grid", "a function needs interval and n, or a grid of numbers"
            )
        if not named and self.n:
            raise PydanticCustomError("grid", "a grid of numbers has its own n")
        return self

    @property
    def size(self) -> int:
        """How many points the grid will have."""
        if self.samples is not None:
            return len(self.samples.x)
        return self.n or len(self.grid)

    @property
    def size_place(self) -> Place:
        """Where that is said."""
        if self.samples is not None:
            return ("samples", "x")
        return ("n",) if self.n else ("grid",)

    def approximate(self) -> "Approximation":
        """Interpolate and measure the error; raises what the core refuses."""
        if self.samples is not None:
            x, y = self.samples.x, self.samples.y
            network = interpolate_samples(x, y)
            return Approximation(None, network, sample_error(x, y, network))
        function = parse(self.function or "")
        network = interpolate_function(function, self.points())
        return Approximation(function, network, sampled_error(function, network, network.grid))

    def points(self) -> np.ndarray:
        """The grid; raises `InvalidGrid`."""
        if isinstance(self.grid, str):
            a, b = self.interval or (0.0, 0.0)
            return GRIDS[self.grid](a, b, self.n or 0)
        grid = strictly_increasing(self.grid)
        if self.interval and not self.interval[0] <= grid[0] <= grid[-1] <= self.interval[1]:
            raise InvalidGrid(
                f"the grid reaches from {grid[0]:g} to {grid[-1]:g}, "
                f"but the interval from {self.interval[0]:g} to {self.interval[1]:g}",
                ("grid",),
            )
        return grid


@dataclass(frozen=True, eq=False)
class Approximation:
    """What was computed, before it is packed."""

    function: Formula | None
    network: ReluInterpolation
    error: SampledError


@dataclass(frozen=True)
class SystemAnswer:
    """The triangular system: matrix · lambdas = values, entry (i, j) is ReLU(x_i - b_j)."""

    matrix: Matrix
    values: Vector


@dataclass(frozen=True)
class ApproximateAnswer:
    """NN(x) = Σ_j lambdas_j ReLU(x - knots_j).

    `spacing` is h, on other grids the largest distance of neighbours. `residual` is the largest
    |NN(x_i) - f(x_i)| of the solved system. `system` is null for more than 16 points, `network` for
    more than `/forward` takes.
    """

    grid: Vector
    values: Vector
    knots: Vector
    lambdas: Vector
    spacing: float
    max_error: float
    max_error_at: float
    rms_error: float
    residual: float
    system: SystemAnswer | None
    network: NetworkAnswer | None

    @staticmethod
    def of(result: Approximation, limits: Limits) -> "ApproximateAnswer":
        """Pack the approximation."""
        network, error = result.network, result.error
        n = len(network.grid)
        small = n <= MOST_ROWS
        fits = n <= limits.settings.max_width
        return ApproximateAnswer(
            grid=network.grid,
            values=network.values,
            knots=network.knots,
            lambdas=network.lambdas,
            spacing=largest_spacing(network.grid),
            max_error=error.max_error,
            max_error_at=error.max_error_at,
            rms_error=error.rms_error,
            residual=float(np.abs(residuals(network)).max()),
            system=SystemAnswer(triangular_matrix(network.grid, network.knots), network.values)
            if small
            else None,
            network=NetworkAnswer.of(network.as_network()) if fits else None,
        )
