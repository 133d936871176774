"""A network with short numbers that keeps a tolerance: rounding gets a share of it."""

from collections.abc import Callable
from typing import TypeVar

from core.errors import OutOfDomain

Found = TypeVar("Found")

TRIES = 8
# More than what was missing, twice as much every time, and never all but this share.
MORE, LEAST_SHARE = 1.25, 1.0 / 64.0


def with_rounding_share(attempt: Callable[[float], tuple[Found, float]], tolerance: float) -> Found:
    """Return what `attempt` finds within the tolerance after rounding.

    `attempt` takes a tolerance for the network before rounding, and returns a network and by how
    much that, rounded, exceeds the whole tolerance (not above 0: it is kept). Raises `OutOfDomain`
    where rounding takes nearly all of the tolerance.
    """
    inner = tolerance
    for k in range(TRIES):
        found, excess = attempt(inner)
        if excess <= 0.0:
            return found
        inner -= MORE * 2.0**k * excess
        if inner < LEAST_SHARE * tolerance:
            break
    raise OutOfDomain(
        f"such short numbers leave nothing of a tolerance of {tolerance}: "
        f"rounding exceeds it by {excess:.3g}",
        ("tolerance",),
    )
