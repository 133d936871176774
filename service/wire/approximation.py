"""An approximation with all that is known about it: computed once, then packed or drawn."""

from dataclasses import dataclass

import numpy as np

from core.approximation.certificate import Certificate, certify
from core.approximation.expression import Formula
from core.approximation.formula_target import FormulaTarget
from core.approximation.gaps import gaps_of
from core.approximation.minimal import nearest_with, smallest_within
from core.approximation.minimality import MinimalityProof
from core.approximation.relu_interpolation import (
    ReluInterpolation,
    interpolate,
    interpolate_function,
    interpolate_samples,
)
from core.approximation.sampled_error import SampledError, sample_error, sampled_error
from core.approximation.sampling import sample
from service.limits import Limits
from service.wire.guarantee import MOST_SEGMENTS

SLACK = 0.005
"""The proved bound may exceed the error that was met by this share of it."""
GATES_PER_SEGMENT = 12
OPERATIONS_PER_SEGMENT = 10**7
"""A smallest network costs a segment what so many operations of a product would: about 1 ms."""
SAMPLES = "samples say nothing about what is between them"
TOO_LONG = f"a given grid of more than {MOST_SEGMENTS:,} segments is measured, not proved"


@dataclass(frozen=True, eq=False)
class Approximation:
    """A network and how far it is from the function, or the samples, it stands for."""

    function: Formula | None
    network: ReluInterpolation
    error: SampledError
    certificate: Certificate | None
    unproved: str
    """Why there is no certificate, where there is none."""
    proof: MinimalityProof | None


def of_samples(x: np.ndarray, y: np.ndarray) -> Approximation:
    """Take NN through every sample."""
    network = interpolate_samples(x, y)
    return Approximation(None, network, sample_error(x, y, network), None, SAMPLES, None)


def on_grid(target: FormulaTarget, grid: np.ndarray) -> Approximation:
    """Take NN through f at every point, and bound its error.

    Raises `NotFinite` at poles and holes of f, whether or not a point of the grid meets them.
    """
    gaps_of(target.function, (float(grid[0]), float(grid[-1])))
    network = interpolate_function(target.function, grid)
    error = sampled_error(target.function, network, grid)
    if len(grid) > MOST_SEGMENTS + 1:
        return Approximation(target.function, network, error, None, TOO_LONG, None)
    largest = float(target.values(grid).weights.max())  # 1, or with a relative error max |f|
    slack = SLACK * error.max_error / largest
    certificate = certify(target.function, grid, network.values, slack, target.relative)
    return Approximation(target.function, network, error, certificate, "", None)


def smallest(
    target: FormulaTarget, n: int | None, tolerance: float | None, limits: Limits
) -> Approximation:
    """Free knots and free values: the nearest NN with n points, or the smallest one near enough.

    Raises `LimitExceeded` where the tolerance would take too long.
    """
    if tolerance is None:
        found = nearest_with(target, n or 0)
    else:
        gaps_of(target.function, target.interval)
        segments = len(sample(target, tolerance)) // GATES_PER_SEGMENT
        limits.points(segments, ("tolerance",))
        limits.operations(OPERATIONS_PER_SEGMENT * segments)
        found = smallest_within(target, tolerance)
    network = interpolate(found.grid, found.values)
    error = sampled_error(target.function, network, network.grid)
    return Approximation(target.function, network, error, found.certificate, "", found.proof)
