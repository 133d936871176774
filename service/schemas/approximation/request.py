"""The request of POST /approximate."""

from typing import Annotated, Literal, NoReturn

import numpy as np
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core.approximation.grids import EQUIDISTANT, MINIMAL
from core.approximation.polyline.target import SIDES
from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, Measurements
from service.schemas.approximation.fields import (
    FormulaText,
    Grid,
    Interval,
    Outside,
    Points,
    QuantizeSchema,
    SamplesSchema,
    Tolerance,
    interval_ends,
)
from service.schemas.arrays import Vector
from service.schemas.request_model import Precision, RequestModel, TableChoice


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
        "null: the sum of ReLU(x - b_j), 0 left of the first knot; clamp for short numbers, and "
        "linear where a relative error needs a sum that begins at the smallest |f|",
    )
    values: Vector | None = Field(
        None, description="of NN at the points of a grid of numbers; null: those of the function"
    )
    prove: bool = Field(
        True,
        description="false: errors are measured only, which is quicker, and a tolerance is kept "
        "where the function was sampled; error_bound, certificate and minimality are null",
    )
    curve: int | None = Field(
        None, ge=2, description="how many points of f and NN to answer, for drawing"
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
        return EQUIDISTANT if self.tolerance is None else MINIMAL

    @property
    def is_minimal(self) -> bool:
        """Whether the smallest network of a function is asked for."""
        return self.samples is None and isinstance(self.rule, str) and self.rule == MINIMAL

    @property
    def options(self) -> DeploymentOptions | None:
        """How the network is deployed; None for the plain sum of ReLU(x - b_j)."""
        if self.outside is None and self.precision == "float64" and self.quantize is None:
            return None
        bits = self.quantize.bits if self.quantize else None
        return DeploymentOptions(self.outside or "clamp", self.precision, bits)

    def to_core(self) -> ApproximationRequest:
        """The request as a value of the core."""
        samples = self.samples
        return ApproximationRequest(
            self.function,
            None if samples is None else Measurements(samples.x, samples.y, samples.weights),
            interval_ends(self.interval),
            self.rule,
            self.n,
            self.tolerance,
            self.side,
            self.error == "relative",
            self.options,
            self.values,
            self.prove,
            self.curve,
        )


def require_consistent(question: "ApproximateRequest") -> None:
    """Raise `PydanticCustomError` where two parts of the question exclude one another."""
    if (question.function is None) == (question.samples is None):
        _refuse("one_source", "give either function or samples")
    if question.samples is not None:
        _require_samples_alone(question)
    else:
        _require_size(question)
    if question.values is not None:
        _require_values(question, question.values)
    if question.side != "both" and not question.is_minimal:
        _refuse("side", "only the grid minimal can keep to one side")
    if question.precision == "float32" and question.quantize:
        _refuse("precision", "numbers are either float32 or quantized")
    if (
        question.error == "relative"
        and question.options is not None
        and question.options.is_reduced_precision
    ):
        _refuse(
            "error",
            "the rounding of float32 and fixed-point numbers is bounded absolutely, and where f is "
            "small it would exceed any share of it: ask for an absolute error, or for float64",
        )


def _require_values(question: "ApproximateRequest", values: np.ndarray) -> None:
    if isinstance(question.rule, str) or question.samples is not None:
        _refuse("values", "values need a function and a grid of numbers")
    if len(values) != len(question.rule):
        _refuse("values", f"there are {len(values)} values at {len(question.rule)} points")


def _require_samples_alone(question: "ApproximateRequest") -> None:
    is_free = question.grid is None or (
        isinstance(question.grid, str)
        and question.grid == MINIMAL
        and (question.n or question.tolerance)
    )
    if question.interval or not is_free:
        _refuse(
            "samples",
            "samples are their own grid: no interval, and no grid but minimal with n or tolerance",
        )
    if question.n and question.tolerance:
        _refuse("samples", "samples take n or tolerance, not both")
    if question.error != "absolute":
        _refuse("error", "the error of samples is absolute")
    if (
        question.samples
        and question.samples.weights is not None
        and not question.to_core().is_fitted
    ):
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
