"""POST /approximate of a lookup table: through every sample, or only near it."""

import numpy as np

from core.approximation.error_bounds.sampled_error import measured
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_for_samples import (
    SampleTable,
    nearest_to_samples,
    smallest_within_samples,
)
from core.approximation.relu.deployment import DeploymentOptions, embed
from core.approximation.relu.interpolation import (
    ReluInterpolation,
    interpolate,
    interpolate_samples,
)
from core.approximation.relu.tolerance_split import with_rounding_share
from core.approximation.result import Approximation

SAMPLES = "samples say nothing about what is between them"
ROUNDING_UNITS = 32.0


def approximate_samples(
    table: SampleTable,
    fitted: bool,
    n: int | None,
    tolerance: float | None,
    choice: DeploymentOptions | None,
) -> Approximation:
    """The network through the samples, or if `fitted` near them; raises what the core refuses."""
    if not fitted:
        network = interpolate_samples(table.x, table.low)
        return _measured(table, network, None, choice)
    if n is not None:
        found = nearest_to_samples(table, n)
        return _measured(table, interpolate(found.grid, found.values), found.proof, choice)
    return _within(table, tolerance or 0.0, choice)


def _within(
    table: SampleTable, tolerance: float, choice: DeploymentOptions | None
) -> Approximation:
    largest = float((table.weights * np.maximum(-table.low, table.high)).max())
    spare = ROUNDING_UNITS * float(np.finfo(float).eps) * abs(largest)

    def attempt(inner: float) -> tuple[Approximation, float]:
        found = smallest_within_samples(table, inner)
        result = _measured(table, interpolate(found.grid, found.values), found.proof, choice)
        is_short = choice is not None and choice.is_reduced_precision
        return result, result.error.max_error - tolerance - spare if is_short else 0.0

    return with_rounding_share(attempt, tolerance)


def _measured(
    table: SampleTable,
    network: ReluInterpolation,
    proof: MinimalityProof | None,
    choice: DeploymentOptions | None,
) -> Approximation:
    embedding = None if choice is None else embed(network.grid, network.values, choice)
    errors = table.errors((embedding or network)(table.x))
    error = measured(table.x, errors)
    return Approximation(None, network, error, None, SAMPLES, proof, embedding, table)
