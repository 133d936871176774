"""A polyline near a formula as a network with short numbers, its certificate still true."""

from typing import NamedTuple

from jaxtyping import Float64

from core.approximation.error_bounds.certificate import Certificate
from core.approximation.relu.deployment import DeployedNetwork, DeploymentOptions, embed
from core.arrays import Array
from core.errors import OutOfDomain

SHIFT_DIRECTION = {"both": 0.0, "below": -1.0, "above": 1.0}
# Rounding is a little different after a shift: so much more room, and so many times.
MORE, TRIES = 1.5, 4


class Shortened(NamedTuple):
    """The network, and the certificate for it."""

    embedding: DeployedNetwork
    certificate: Certificate


def deploy_certified(
    grid: Float64[Array, "n"],
    values: Float64[Array, "n"],
    certificate: Certificate,
    choice: DeploymentOptions,
    side: str,
) -> Shortened:
    """Embed the polyline of the certificate, moved away from f by what rounding may move it back.

    Raises `OutOfDomain` where that does not come to rest, and as `embed` does.
    """
    found = embed(grid, values, choice)
    away = SHIFT_DIRECTION[side]
    if not choice.is_reduced_precision or away == 0.0:
        return Shortened(found, certificate.moved(0.0, found.error) if found.error else certificate)
    for _ in range(TRIES):
        shift = away * MORE * found.error
        moved = values + shift
        # Rounding of the sum counts too.
        rounding = float(abs((moved - values) - shift).max())
        found = embed(grid, moved, choice)
        if found.error + rounding <= abs(shift):
            return Shortened(found, certificate.moved(-shift, found.error + rounding))
    raise OutOfDomain(f"rounding does not keep {side} f with such short numbers", ("quantize",))
