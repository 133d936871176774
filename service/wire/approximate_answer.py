"""What /approximate answers: the ReLU network of the sheet's Task 7, and what is known of it."""

from dataclasses import dataclass

import numpy as np

from core.approximation.grid import largest_spacing
from core.approximation.triangular_system import residuals, triangular_matrix
from service.limits import Limits
from service.wire.approximation import Approximation
from service.wire.guarantee import (
    GapAnswer,
    MinimalityAnswer,
    SegmentAnswer,
    error_bound,
    segments,
    unproved,
)
from service.wire.network import NetworkAnswer
from service.wire.numbers import Matrix, Vector

MOST_ROWS = 16
"""Up to so many points the triangular system is printed."""


@dataclass(frozen=True)
class SystemAnswer:
    """The triangular system: matrix · lambdas = values, entry (i, j) is ReLU(x_i - b_j)."""

    matrix: Matrix
    values: Vector


@dataclass(frozen=True)
class ApproximateAnswer:
    """NN(x) = Σ_j lambdas_j ReLU(x - knots_j).

    `values` are NN(x_i): f(x_i), on the grid `minimal` free. `spacing` is h, on other grids the
    largest distance of neighbours. `max_error` and `rms_error` were met at points, `error_bound` is
    proved for all of [x_1, x_n]: of |f - NN|, or with a relative error of |f - NN| / |f|. It is
    null where there is no proof; `unproved` says where that is, and why. `certificate` has the
    bounds of every segment, null without proof and for more than 10 000. `minimality` shows why
    fewer segments do not do; null where that is not claimed. `residual` is the largest
    |NN(x_i) - values_i| of the solved system. `system` is null for more than 16 points, `network`
    for more than `/forward` takes.
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
    error_bound: float | None
    unproved: list[GapAnswer]
    certificate: list[SegmentAnswer] | None
    minimality: MinimalityAnswer | None
    system: SystemAnswer | None
    network: NetworkAnswer | None

    @staticmethod
    def of(result: Approximation, limits: Limits) -> "ApproximateAnswer":
        """Pack the approximation."""
        network, error, certificate = result.network, result.error, result.certificate
        n = len(network.grid)
        small, fits = n <= MOST_ROWS, n <= limits.settings.max_width
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
            error_bound=error_bound(certificate),
            unproved=unproved(certificate, result.unproved),
            certificate=segments(certificate),
            minimality=MinimalityAnswer.of(result.proof),
            system=SystemAnswer(triangular_matrix(network.grid, network.knots), network.values)
            if small
            else None,
            network=NetworkAnswer.of(network.as_network()) if fits else None,
        )
