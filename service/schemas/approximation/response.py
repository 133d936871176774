"""The response of POST /approximate: the network, its errors and its proofs."""

from dataclasses import dataclass

import numpy as np

from core.approximation.formula.formula import Formula, derivative_of
from core.approximation.grids import largest_spacing
from core.approximation.relu.triangular_system import triangular_matrix
from core.approximation.result import Approximation
from core.arrays import within_floats
from service.schemas.approximation.certificate import (
    MinimalityResponse,
    OvershootResponse,
    SegmentResponse,
    UnprovedIntervalResponse,
    error_bound,
    segments,
    unproved,
)
from service.schemas.approximation.network_terms import BoundsResponse, RoundingResponse, directions
from service.schemas.arrays import Matrix, Vector
from service.schemas.network import NetworkResponse

MAX_ROWS = 16
"""Maximum points for which the triangular system is in the response."""


@dataclass(frozen=True)
class SystemResponse:
    """The triangular system: matrix · lambdas = values, entry (i, j) is ReLU(x_i - b_j)."""

    matrix: Matrix
    values: Vector


@dataclass(frozen=True)
class DerivativesResponse:
    """In the language of `function`; null where the text would be longer than 5000 characters."""

    first: str | None
    second: str | None

    @staticmethod
    def of(function: Formula | None) -> "DerivativesResponse | None":
        """Differentiate twice; a table has nothing to differentiate."""
        if function is None:
            return None
        slope = derivative_of(function)
        return DerivativesResponse(slope.text, derivative_of(slope).text)


@dataclass(frozen=True)
class LimitResponse:
    """At x the formula is 0/0 or has an infinite denominator; f(x) is its limit."""

    x: float
    value: float

    @staticmethod
    def of(function: Formula | None) -> "list[LimitResponse]":
        """List the limits that were taken."""
        return [] if function is None else [LimitResponse(*limit) for limit in function.limits]


@dataclass(frozen=True)
class CurveResponse:
    """f and NN at equidistant points of [a, b], as errors are measured; f is null for samples."""

    x: Vector
    f: Vector | None
    nn: Vector

    @staticmethod
    def of(result: Approximation, points: int | None) -> "CurveResponse | None":
        """Evaluate both at `points` points, if they were requested."""
        if points is None:
            return None
        x = np.linspace(*result.interval, points)
        f = None if result.function is None else result.function(x)
        return CurveResponse(x, f, result.segments(x))


@dataclass(frozen=True)
class ApproximateResponse:
    """NN(x) = bias + Σ_j lambdas_j ReLU(directions_j (x - knots_j)), in exact arithmetic.

    What is proved and measured is true of these very floats; `evaluation_error` bounds how far NN,
    computed in float64 as `/forward` does, may be from that on [a, b]. A knot stands twice where
    its λ needs more digits than a float has.

    `values` are NN(x_i): f(x_i), where values are free or short something near it. `directions` is
    null where all are 1. `spacing` is h, on other grids the largest distance of neighbours.
    `max_error` and `rms_error` were met at points, of samples times their weight; `error_bound` is
    proved for all of [a, b]: of |f - NN|, or with a relative error of |f - NN| / |f|. It is null
    where there is no proof; `unproved` says where that is, and why. `certificate` has the bounds of
    every segment, null without proof and for more than 10 000. `minimality` shows why fewer
    segments do not do; null where that is not claimed. `residual` is the largest |NN(x_i) -
    values_i|. `system` is null for more than 16 points, and where NN is not the plain sum of
    `ReLU(x - b_j)`; `network` and the bounds of its hidden units' pre-activations for more units
    than `/forward` takes; `rounding` where no short numbers were asked for, `derivatives` of
    samples.
    """

    grid: Vector
    values: Vector
    knots: Vector
    lambdas: Vector
    directions: Vector | None
    bias: float
    spacing: float
    max_error: float
    max_error_at: float
    rms_error: float
    residual: float
    evaluation_error: float
    error_bound: float | None
    unproved: list[UnprovedIntervalResponse]
    certificate: list[SegmentResponse] | None
    minimality: MinimalityResponse | None
    overshoot: OvershootResponse | None
    system: SystemResponse | None
    network: NetworkResponse | None
    pre_activation_bounds: BoundsResponse | None
    rounding: RoundingResponse | None
    derivatives: DerivativesResponse | None
    limits: list[LimitResponse]
    curve: CurveResponse | None

    @staticmethod
    def of(
        result: Approximation, max_width: int, curve: int | None = None
    ) -> "ApproximateResponse":
        """Pack the approximation; raises `NotFinite` where a number of it is beyond the floats."""
        with within_floats("interval"):
            return ApproximateResponse._of(result, max_width, curve)

    @staticmethod
    def _of(result: Approximation, max_width: int, curve: int | None) -> "ApproximateResponse":
        error, certificate, embedding = result.error, result.certificate, result.embedding
        sheet, network = result.network, result.relu_sum
        fits = len(network.knots) <= max_width
        return ApproximateResponse(
            grid=result.grid,
            values=result.values,
            knots=network.knots,
            lambdas=network.lambdas,
            directions=directions(network),
            bias=network.bias,
            spacing=largest_spacing(result.grid) if len(result.grid) > 1 else 0.0,
            max_error=error.max_error,
            max_error_at=error.max_error_at,
            rms_error=error.rms_error,
            residual=result.residual,
            evaluation_error=network.evaluation_error(result.interval),
            error_bound=error_bound(certificate),
            unproved=unproved(certificate, result.unproved),
            certificate=segments(certificate),
            minimality=MinimalityResponse.of(result.proof),
            overshoot=OvershootResponse.of(result.overshoot),
            system=SystemResponse(triangular_matrix(sheet.grid, sheet.knots), sheet.values)
            if embedding is None and len(sheet.grid) <= MAX_ROWS
            else None,
            network=NetworkResponse.of(network.as_network()) if fits else None,
            pre_activation_bounds=BoundsResponse.of(network, result.interval) if fits else None,
            rounding=RoundingResponse.of(embedding),
            derivatives=DerivativesResponse.of(result.function),
            limits=LimitResponse.of(result.function),
            curve=CurveResponse.of(result, curve),
        )
