"""The network of a formula: on a grid, within a tolerance, or with the least error."""

from collections.abc import Callable

import numpy as np

from core.approximation import cost as cost
from core.approximation.adaptive_grids import ADAPTIVE
from core.approximation.budget import Budget
from core.approximation.certified_network import certified_network
from core.approximation.cost import MAX_SEGMENTS
from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.grids import GRIDS, MINIMAL
from core.approximation.minimal.fewest_points import fewest_points
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_network import (
    SmallestNetwork,
    least_error_with,
    smallest_within,
)
from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.deployment import (
    DeployedNetwork,
    DeploymentOptions,
    Network,
    realize,
)
from core.approximation.relu.interpolation import (
    ReluInterpolation,
    interpolate,
    interpolate_function,
)
from core.approximation.result import Approximation
from core.approximation.tolerance_split import with_rounding_share

SLACK = 0.005
"""The proved bound may exceed the error that was met by this share of it."""
GATES_PER_SEGMENT = 12
NOT_ASKED_FOR = "no proof was asked for"
TOO_LONG = f"a grid of more than {MAX_SEGMENTS:,} segments is measured, not proved"

Attempt = Callable[[float], Approximation]


def approximate_function(
    target: FormulaTarget,
    rule: str | np.ndarray,
    points: int | float | np.ndarray | None,
    choice: DeploymentOptions | None,
    budget: Budget,
    values: np.ndarray | None = None,
    prove: bool = True,
) -> Approximation:
    """Return the network; `points` are their number, the tolerance, or the points themselves.

    Given points may have given `values`. Without `prove` errors are only measured.
    Raises `NotFinite` at poles and holes of f, whether or not a point of the grid meets them,
    `LimitExceeded` where a tolerance would take too long, and what else the core refuses.
    """
    find_singularities(target.function, target.interval)
    if isinstance(points, np.ndarray):
        network = (
            interpolate_function(target.function, points)
            if values is None
            else interpolate(points, values)
        )
        return _proved(target, network, choice, prove=prove)
    if isinstance(points, float):
        return _within(target, str(rule), points, choice, budget, prove)
    n = int(points or 0)
    if rule == MINIMAL:
        return _assemble(target, least_error_with(target, n, _long(choice), prove), choice, None)
    a, b = target.interval
    fixed = GRIDS.get(str(rule))
    grid = fixed(a, b, n) if fixed else ADAPTIVE[str(rule)](target.function, a, b, n)
    return _proved(target, interpolate_function(target.function, grid), choice, prove=prove)


def affordable_gates(target: FormulaTarget, tolerance: float, budget: Budget) -> np.ndarray:
    """Return the gates for the search of the smallest network.

    Raises `LimitExceeded` before that where it would cost too much.
    """
    gates = place_gates(target, tolerance)
    segments = len(gates) // GATES_PER_SEGMENT
    budget.points(segments, ("tolerance",))
    budget.operations(cost.PER_FREE_SEGMENT * segments)
    return gates


def _within(
    target: FormulaTarget,
    rule: str,
    tolerance: float,
    choice: DeploymentOptions | None,
    budget: Budget,
    prove: bool,
) -> Approximation:
    attempt = (
        _smallest(target, choice, budget, prove)
        if rule == MINIMAL
        else _fewest(target, rule, choice, budget, prove)
    )

    def judged(inner: float) -> tuple[Approximation, float]:
        found = attempt(inner)
        certificate = found.certificate
        if certificate is None or not certificate.proved:
            return found, 0.0
        lowest, highest = float(certificate.lower.min()), float(certificate.upper.max())
        return found, target.excess(tolerance, lowest, highest)

    return with_rounding_share(judged, tolerance)


def _smallest(
    target: FormulaTarget, choice: DeploymentOptions | None, budget: Budget, prove: bool
) -> Attempt:
    def attempt(tolerance: float) -> Approximation:
        gates = affordable_gates(target, tolerance, budget)
        found = smallest_within(target, tolerance, gates, _long(choice), prove)
        return _assemble(target, found, choice, tolerance)

    return attempt


def _fewest(
    target: FormulaTarget,
    rule: str,
    choice: DeploymentOptions | None,
    budget: Budget,
    prove: bool,
) -> Attempt:
    def afford(n: int) -> None:
        budget.points(n, ("tolerance",))
        budget.operations(cost.grid_cost(rule, n))

    def attempt(tolerance: float) -> Approximation:
        network = fewest_points(target.function, target.interval, rule, tolerance, afford)
        return _proved(target, network, choice, tolerance, prove)

    return attempt


def _long(choice: DeploymentOptions | None) -> DeploymentOptions | None:
    """Return the options of the search: short numbers come after it."""
    return None if choice is not None and choice.is_reduced_precision else choice


def _proved(
    target: FormulaTarget,
    wanted: ReluInterpolation,
    choice: DeploymentOptions | None,
    tolerance: float | None = None,
    prove: bool = True,
) -> Approximation:
    """Bound the error of the network through the points."""
    grid, values = wanted.grid, wanted.values
    if len(grid) > MAX_SEGMENTS + 1 or not prove:
        network = wanted if choice is None else realize(grid, values, choice, target.relative)
        reason = TOO_LONG if prove else NOT_ASKED_FOR
        return _measured(target, wanted, network, None, reason, None)
    largest = float(target.values(grid).weights.max())  # 1, or with a relative error max|f|
    met = sampled_error(target.function, wanted, grid).max_error
    network, certificate = certified_network(
        target, grid, values, choice, SLACK * met / largest, tolerance
    )
    return _measured(target, wanted, network, certificate, "", None)


def _assemble(
    target: FormulaTarget,
    found: SmallestNetwork,
    choice: DeploymentOptions | None,
    tolerance: float | None,
) -> Approximation:
    """Shorten the numbers of a smallest network where that is wanted, and measure it."""
    wanted = interpolate(found.grid, found.values)
    network, certificate = found.network, found.certificate
    if certificate is None:
        if _long(choice) is not choice:
            network = realize(found.grid, found.values, choice)
        return _measured(target, wanted, network, None, NOT_ASKED_FOR, None)
    wrong = target.wrong_side(certificate.lower.min(), certificate.upper.max())
    if _long(choice) is not choice or (wrong > 0.0 and certificate.proved):
        slack = SLACK * (certificate.error_bound or 0.0)
        network, certificate = certified_network(
            target, found.grid, found.values, choice, slack, tolerance
        )
    return _measured(target, wanted, network, certificate, "", found.proof)


def _measured(
    target: FormulaTarget,
    wanted: ReluInterpolation,
    network: Network,
    certificate: Certificate | None,
    unproved: str,
    proof: MinimalityProof | None,
) -> Approximation:
    """Measure the error of the network."""
    bends = wanted.grid
    if isinstance(network, DeployedNetwork):
        bends = np.union1d(bends, np.clip(network.grid, bends[0], bends[-1]))
    error = sampled_error(target.function, network, bends)
    sheet, deployed = (wanted, network) if isinstance(network, DeployedNetwork) else (network, None)
    return Approximation(target.function, sheet, error, certificate, unproved, proof, deployed)
