"""What part of the plane a picture shows, for any data that are numbers at all."""

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import OutOfDomain

LARGEST = 1e100
"""Beyond this the arithmetic of drawing overflows."""


def extent(values: Float[Array, "*shape"], name: str, margin: float = 0.06) -> tuple[float, float]:
    """Find an interval around all values with a margin (in parts of it), never of length zero.

    Raises `OutOfDomain` for values beyond ±1e100, which cannot be drawn.
    """
    low, high = float(values.min()), float(values.max())
    scale = max(abs(low), abs(high))
    if not scale <= LARGEST:
        raise OutOfDomain(f"{name} reaches {scale:g}; pictures end at {LARGEST:g}", (name,))
    span = high - low
    if span <= max(1e-9 * scale, 1e-100):
        return low - max(1.0, 0.1 * scale), high + max(1.0, 0.1 * scale)
    return low - margin * span, high + margin * span


def at_most(limit: int, count: int) -> Array:
    """Choose up to `limit` of `count` rows, evenly, the first and the last among them."""
    if count <= limit:
        return np.arange(count)
    return np.linspace(0, count - 1, limit).round().astype(np.intp)
