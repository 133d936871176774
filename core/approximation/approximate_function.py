"""POST /approximate of a formula: on a grid, within a tolerance, or with the least error."""

from collections.abc import Callable

import numpy as np

from core.approximation import cost as cost
from core.approximation.adaptive_grids import ADAPTIVE
from core.approximation.budget import Budget
from core.approximation.cost import MAX_SEGMENTS
from core.approximation.error_bounds.certificate import Certificate, certify
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.grids import GRIDS, MINIMAL
from core.approximation.minimal.fewest_points import fewest_points
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_network import excess_of, least_error_with, smallest_within
from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.deployment import DeploymentOptions, embed
from core.approximation.relu.interpolation import (
    ReluInterpolation,
    interpolate,
    interpolate_function,
)
from core.approximation.relu.quantized_certificate import deploy_certified
from core.approximation.relu.tolerance_split import with_rounding_share
from core.approximation.result import Approximation

SLACK = 0.005
"""The proved bound may exceed the error that was met by this share of it."""
GATES_PER_SEGMENT = 12
TOO_LONG = f"a grid of more than {MAX_SEGMENTS:,} segments is measured, not proved"

Attempt = Callable[[float], Approximation]


def approximate_function(
    target: FormulaTarget,
    rule: str | np.ndarray,
    points: int | float | np.ndarray | None,
    choice: DeploymentOptions | None,
    budget: Budget,
) -> Approximation:
    """The network: `points` are their number, the tolerance, or the points themselves.

    Raises `NotFinite` at poles and holes of f, whether or not a point of the grid meets them,
    `LimitExceeded` where a tolerance would take too long, and what else the core refuses.
    """
    find_singularities(target.function, target.interval)
    if isinstance(points, np.ndarray):
        return _proved(target, interpolate_function(target.function, points), choice)
    if isinstance(points, float):
        return _within(target, str(rule), points, choice, budget)
    n = int(points or 0)
    if rule == MINIMAL:
        found = least_error_with(target, n)
        return _assemble(
            target, interpolate(found.grid, found.values), found.certificate, found.proof, choice
        )
    a, b = target.interval
    fixed = GRIDS.get(str(rule))
    grid = fixed(a, b, n) if fixed else ADAPTIVE[str(rule)](target.function, a, b, n)
    return _proved(target, interpolate_function(target.function, grid), choice)


def affordable_gates(target: FormulaTarget, tolerance: float, budget: Budget) -> np.ndarray:
    """Where the smallest network is looked for.

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
) -> Approximation:
    free = rule == MINIMAL
    attempt = _smallest(target, choice, budget) if free else _fewest(target, rule, choice, budget)

    def judged(inner: float) -> tuple[Approximation, float]:
        found = attempt(inner)
        if found.certificate is None or not found.certificate.proved:
            return found, 0.0
        return found, excess_of(target, tolerance, found.certificate)

    return with_rounding_share(judged, tolerance)


def _smallest(target: FormulaTarget, choice: DeploymentOptions | None, budget: Budget) -> Attempt:
    def attempt(tolerance: float) -> Approximation:
        found = smallest_within(target, tolerance, affordable_gates(target, tolerance, budget))
        network = interpolate(found.grid, found.values)
        return _assemble(target, network, found.certificate, found.proof, choice)

    return attempt


def _fewest(
    target: FormulaTarget, rule: str, choice: DeploymentOptions | None, budget: Budget
) -> Attempt:
    def afford(n: int) -> None:
        budget.points(n, ("tolerance",))
        budget.operations(cost.grid_cost(rule, n))

    def attempt(tolerance: float) -> Approximation:
        network = fewest_points(target.function, target.interval, rule, tolerance, afford)
        return _proved(target, network, choice)

    return attempt


def _proved(
    target: FormulaTarget, network: ReluInterpolation, choice: DeploymentOptions | None
) -> Approximation:
    """Bound the error of NN through f at every point."""
    if len(network.grid) > MAX_SEGMENTS + 1:
        return _assemble(target, network, None, None, choice)
    largest = float(target.values(network.grid).weights.max())  # 1, or with a relative error max|f|
    met = sampled_error(target.function, network, network.grid).max_error
    slack = SLACK * met / largest
    certificate = certify(target.function, network.grid, network.values, slack, target.relative)
    return _assemble(target, network, certificate, None, choice)


def _assemble(
    target: FormulaTarget,
    network: ReluInterpolation,
    certificate: Certificate | None,
    proof: MinimalityProof | None,
    choice: DeploymentOptions | None,
) -> Approximation:
    """Embed the network as it was wanted, and measure that."""
    unproved = TOO_LONG if certificate is None else ""
    embedding = None
    if choice is not None and certificate is None:
        embedding = embed(network.grid, network.values, choice)
    elif choice is not None and certificate is not None:
        embedding, certificate = deploy_certified(
            network.grid, network.values, certificate, choice, target.side
        )
    bends = network.grid
    if embedding:
        bends = np.union1d(bends, np.clip(embedding.grid, bends[0], bends[-1]))
    error = sampled_error(target.function, embedding or network, bends)
    return Approximation(target.function, network, error, certificate, unproved, proof, embedding)
