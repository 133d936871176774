"""The network of a lookup table: through every sample, or only near it."""

import numpy as np

from core.approximation.error_bounds.sample_errors import sample_error
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_for_samples import (
    Overshoot,
    SampleTable,
    nearest_to_samples,
    smallest_within_samples,
)
from core.approximation.relu.compensated_terms import MAX_EXACT
from core.approximation.relu.deployment import (
    DeployedNetwork,
    DeploymentOptions,
    constant_network,
    realize,
)
from core.approximation.relu.exact_polyline import ExactPolyline
from core.approximation.relu.interpolation import through_points
from core.approximation.result import Approximation
from core.approximation.tolerance_split import with_rounding_share

SAMPLES = "samples say nothing about what is between them"


def approximate_samples(
    table: SampleTable,
    fitted: bool,
    n: int | None,
    tolerance: float | None,
    choice: DeploymentOptions | None,
) -> Approximation:
    """Return the network through the samples, or near them if `fitted`.

    Raises `InvalidGrid`, `OutOfDomain` and `NotFinite`.
    """
    if table.x[0] == table.x[-1]:
        _, lower, upper = table.gates(tolerance or 0.0)
        middle = 0.5 * lower + 0.5 * upper
        return _measured(table, table.x[:1], middle, None, choice)
    if not fitted:
        table = table.without_repeats()
        return _measured(table, table.x, table.low, None, choice)
    if n is not None:
        found = nearest_to_samples(table, n)
        return _measured(table, found.grid, found.values, found.proof, choice, found.overshoot)
    return _within(table, tolerance or 0.0, choice)


def _within(
    table: SampleTable, tolerance: float, choice: DeploymentOptions | None
) -> Approximation:
    def attempt(inner: float) -> tuple[Approximation, float]:
        found = smallest_within_samples(table, inner)
        result = _measured(
            table, found.grid, found.values, found.proof, choice, found.overshoot, tolerance
        )
        return result, result.error.max_error - tolerance

    return with_rounding_share(attempt, tolerance)


def _measured(
    table: SampleTable,
    grid: np.ndarray,
    values: np.ndarray,
    proof: MinimalityProof | None,
    choice: DeploymentOptions | None,
    overshoot: Overshoot | None = None,
    tolerance: float | None = None,
) -> Approximation:
    """Make the network of the polyline, and measure it at the samples."""
    wanted = through_points(grid, values)
    network = (
        constant_network(grid, values, choice)
        if len(grid) == 1
        else realize(grid, values, choice, tolerance=tolerance or None)
    )
    ends = float(grid[0]), float(grid[-1])
    exact = ExactPolyline.of(network.relu_sum, ends) if len(grid) <= MAX_EXACT else None
    error = sample_error(table, network, exact)
    deployed = network if isinstance(network, DeployedNetwork) else None
    sheet = wanted if isinstance(network, DeployedNetwork) else network
    return Approximation(None, sheet, error, None, SAMPLES, proof, deployed, table, overshoot)
