"""A polyline near a formula as a network of floats, and the certificate of that network."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from core.approximation.error_bounds.certificate import Certificate, certify
from core.approximation.polyline.target import SHIFT_DIRECTION, FormulaTarget
from core.approximation.relu.deployment import DeployedNetwork, DeploymentOptions, Network, realize
from core.approximation.relu.exact_polyline import ExactPolyline
from core.errors import OutOfDomain

# Rounding is a little different after every shift: the extra room, and the number of attempts.
MORE, TRIES = 1.5, 8


class CertifiedNetwork(NamedTuple):
    """A network, and bounds of f minus that network in exact arithmetic."""

    network: Network
    certificate: Certificate


def certify_network(target: FormulaTarget, network: Network, slack: float) -> Certificate:
    """Bound f - NN on the interval of the target; raises as `certify` does."""
    polyline = ExactPolyline.of(network.relu_sum, target.interval)
    return certify(target.function, polyline, slack, target.relative)


def certified_network(
    target: FormulaTarget,
    grid: Float64[np.ndarray, "n"],
    values: Float64[np.ndarray, "n"],
    options: DeploymentOptions | None,
    slack: float,
    tolerance: float | None = None,
) -> CertifiedNetwork:
    """Make the network of the polyline; for one side of f shifted away from f by the rounding.

    Raises `OutOfDomain` where that does not come to rest, and as `realize` does.
    """
    away, shift = SHIFT_DIRECTION[target.side], 0.0
    scale = np.abs(values) if target.relative else np.ones(len(values))
    for _ in range(TRIES):
        moved = values + shift * scale if shift else values
        network = realize(grid, moved, options, target.relative, tolerance)
        certificate = certify_network(target, network, slack)
        wrong = target.wrong_side(certificate.lower.min(), certificate.upper.max())
        if wrong <= 0.0 or not certificate.proved:
            return CertifiedNetwork(network, certificate)
        rounding = network.error if isinstance(network, DeployedNetwork) else 0.0
        smallest = float(np.finfo(float).eps * np.abs(values).max())
        shift += away * MORE * max(wrong, rounding, smallest)
    raise OutOfDomain(f"rounding does not keep {target.side} f with these numbers", ("quantize",))
