"""The grid `minimal`: the smallest network for a tolerance, the least error for a size, proved."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from core.approximation.certified_network import certify_network
from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.singularities import find_singularities
from core.approximation.formula.analysis.known_digits import rounding_of
from core.approximation.minimal.minimality_proof import MinimalityProof, prove_minimal
from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.fit import INSET, WIDEST_INSET, PolylineFit, fit_within
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.deployment import DeploymentOptions, Network, realize
from core.arrays import Array
from core.errors import InvalidGrid, Jump, OutOfDomain

# How near the least error for n points is searched, as a ratio.
PRECISION = 1e-6
# How far below that the proof that n points miss it is tried: nearest first.
BELOW = (2e-6, 1e-5, 1e-4, 1e-3)
# A tolerance of fewer units of rounding of the largest value is none.
ROUNDING_UNITS = 1024.0
MAX_WIDENINGS, MORE_INSET = 8, 1.2
# The share of the room for a proof that a certificate may give away.
SLACK = 0.8
# The shares of the tunnel that the rounding of f may be for the first fit to leave room for it.
LEAST_ROUNDING, MOST_ROUNDING = 1e-3, 0.1
# With more gates for a point than this f is too wild, or too steep, for so few points.
GATES_AT_LEAST, GATES_PER_POINT = 20_000, 100


@dataclass(frozen=True, eq=False)
class SmallestNetwork:
    """A polyline with free bends and free heights, and what is proved about it."""

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    network: Network
    tolerance: float
    certificate: Certificate | None
    """None where no proof was asked for."""
    proof: MinimalityProof | None
    """For a tolerance: fewer points do not do. For n: no n points do within `proof.tolerance`."""


def smallest_within(
    target: FormulaTarget,
    tolerance: float,
    gates: Float64[Array, "gates"] | None = None,
    options: DeploymentOptions | None = None,
    prove: bool = True,
) -> SmallestNetwork:
    """Return the fewest points whose network is within `tolerance` of f, on the side asked for.

    `gates` are those of `place_gates` for this tolerance, if they are there already. Without
    `prove` the tolerance is kept where f was sampled.
    Raises `OutOfDomain` for a tolerance that is not positive, or lost in rounding, `Jump` where
    it is impossible, and `NotFinite` at a pole or where f is not defined.
    """
    if not tolerance > 0.0:
        raise OutOfDomain(f"the tolerance is {tolerance}, not above 0", ("tolerance",))
    find_singularities(target.function, target.interval)
    if not prove:
        fit = fit_within(target, tolerance, None, gates)
        if fit is None:
            raise RuntimeError("without a limit there is always a polyline")
        return _unproved(target, fit, tolerance, options)
    found = _certified(target, tolerance, None, gates, options)
    fit = found.fit
    proof = prove_minimal(target, tolerance, fit.gates, len(fit.polyline.lines))
    return SmallestNetwork(fit.grid, fit.values, found.network, tolerance, found.certificate, proof)


def least_error_with(
    target: FormulaTarget,
    n: int,
    options: DeploymentOptions | None = None,
    prove: bool = True,
) -> SmallestNetwork:
    """Return n points (fewer where they are exact already) whose network has the least error.

    Raises `InvalidGrid` for n < 2, and as `smallest_within`.
    """
    if n < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got n = {n}", ("n",))
    find_singularities(target.function, target.interval)
    low, high, gates = _bracket(target, n, GATES_AT_LEAST + GATES_PER_POINT * n)
    while high > low * (1.0 + PRECISION):
        middle = low**0.5 * high**0.5
        if not low < middle < high:
            break  # neighbours among the smallest floats
        fit = _fit(target, middle, n, gates)
        low, high = (middle, high) if fit is None else (low, middle)
        gates = gates if fit is None else fit.gates
    if not prove:
        fit = fit_within(target, high, n - 1, gates)
        if fit is not None:
            return _unproved(target, fit, high, options)
    found = _certified(target, high, n - 1, gates, options)
    proofs = (prove_minimal(target, low * (1.0 - share), gates, n) for share in BELOW)
    fit, proof = found.fit, next(filter(None, proofs), None)
    return SmallestNetwork(
        fit.grid, fit.values, found.network, found.tolerance, found.certificate, proof
    )


def _unproved(
    target: FormulaTarget, fit: PolylineFit, tolerance: float, options: DeploymentOptions | None
) -> SmallestNetwork:
    network = realize(fit.grid, fit.values, options, target.relative, tolerance)
    return SmallestNetwork(fit.grid, fit.values, network, tolerance, None, None)


def _bracket(target: FormulaTarget, n: int, most: int) -> tuple[float, float, Array]:
    """Return a tolerance that n points miss, one that they meet, and a bound on the gates."""
    values = target.values(place_gates(target, np.inf, most, ("function",)))
    largest = float(np.abs(values.y / values.weights).max())
    rounding = ROUNDING_UNITS * float(np.finfo(float).eps) * largest
    smallest = float(np.abs(values.y).min()) if target.relative else 1.0
    high = max(2.0 * float(np.ptp(values.y)) / smallest, 2.0 * rounding)
    low, gates = high, place_gates(target, high, most, ("function",))
    while low > rounding:
        low = max(0.25 * high, rounding)
        try:
            gates = place_gates(target, low, most, ("function",))
        except Jump:
            return low, high, gates
        if _fit(target, low, n, gates) is None:
            break
        high = low
    return low, high, gates


def _fit(target: FormulaTarget, tolerance: float, n: int, gates: Array) -> PolylineFit | None:
    """Fit n points, if they can be: at a jump half of it is missed however many they are."""
    try:
        return fit_within(target, tolerance, n - 1, gates)
    except Jump:
        return None


class _Certified(NamedTuple):
    fit: PolylineFit
    network: Network
    certificate: Certificate
    tolerance: float


def _certified(
    target: FormulaTarget,
    tolerance: float,
    at_most: int | None,
    gates: Array | None,
    options: DeploymentOptions | None,
) -> _Certified:
    """Fit within the tolerance, widened while the room for a proof costs a link.

    Raises `OutOfDomain` where a proof for `at_most` links takes too much room.
    """
    wider = tolerance
    for _ in range(MAX_WIDENINGS):
        found = _fit_inside(target, wider, at_most, gates, options)
        if isinstance(found, _Certified):
            return found
        wider *= 1.0 + 4.0 * found
    raise OutOfDomain(f"a tolerance of {wider} is lost in rounding", ("n",))


def _fit_inside(
    target: FormulaTarget,
    tolerance: float,
    at_most: int | None,
    gates: Array | None,
    options: DeploymentOptions | None,
) -> _Certified | float:
    """Fit a little inside the tolerance, and more so until the proof is within it.

    Returns the inset, a share of the tunnel, that costs a link more than `at_most`.
    """
    inset, found = _first_inset(target, tolerance, gates), None
    while True:
        try:
            fit = fit_within(target, tolerance, at_most, gates, inset)
        except Jump:
            if found is None:
                raise
            return found
        if fit is None:
            return inset
        network = realize(fit.grid, fit.values, options, target.relative, tolerance)
        certificate = certify_network(target, network, SLACK * inset * tolerance)
        found = _Certified(fit, network, certificate, tolerance)
        excess = _excess(target, tolerance, certificate)
        # What the widest inset does not make good, no proof will.
        if excess <= 0.0 or inset > WIDEST_INSET or excess > 4.0 * WIDEST_INSET * tolerance:
            return found
        low, high = target.allowed_deviation(tolerance)
        inset = max(10.0 * inset, min(MORE_INSET * excess / (high - low), WIDEST_INSET))
        if len(fit.gates) <= GATES_AT_LEAST + GATES_PER_POINT * len(fit.grid):
            gates = np.sort(np.concatenate([fit.gates, 0.5 * (fit.gates[1:] + fit.gates[:-1])]))


def _first_inset(target: FormulaTarget, tolerance: float, gates: Array | None) -> float:
    """Return the room for a proof; where f is so large that its floats take much of it, for them.

    A fit may be off by the rounding of f, so the first one with less room would be in vain.
    """
    if gates is None:
        return INSET
    y, slopes, weights = target.values(gates)
    low, high = target.allowed_deviation(tolerance)
    rounding = float((rounding_of(gates, y, slopes) / weights).max()) / (high - low)
    inset = MORE_INSET * rounding / (1.0 - SLACK * tolerance / (high - low))
    return min(inset, MOST_ROUNDING) if rounding > LEAST_ROUNDING else INSET


def _excess(target: FormulaTarget, tolerance: float, certificate: Certificate) -> float:
    """Return by how much the proved error exceeds the tolerance; 0 without a proof."""
    if not certificate.proved:
        return 0.0
    lowest, highest = float(certificate.lower.min()), float(certificate.upper.max())
    return target.excess(tolerance, lowest, highest)
