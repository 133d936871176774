"""Points of the unit circle with the same bits on every machine.

`np.sin` and `np.cos` have one implementation for each processor, and those of the C library change
with its version. Here each operation is rounded as IEEE 754 says, and their order is fixed.
"""

import math

import numpy as np
from jaxtyping import Float64

from core.arrays import Array

TERMS = 9
"""Of both series: the next is below 3e-18 at π/4."""
_SINE = [(-1.0) ** k / math.factorial(2 * k + 1) for k in range(TERMS)]
_COSINE = [(-1.0) ** k / math.factorial(2 * k) for k in range(TERMS)]


def points_of_circle(turns: Float64[Array, " count"]) -> Float64[Array, "count 2"]:
    """(cos 2πt, sin 2πt), within 2^-52; in multiples of a quarter turn exact."""
    quarters = np.rint(4.0 * turns)
    angle = 2.0 * np.pi * (turns - 0.25 * quarters)  # the difference is exact, at most 1/8
    square = angle * angle
    sine, cosine = angle * _series(square, _SINE), _series(square, _COSINE)
    quarter = quarters.astype(np.int64) % 4
    return np.column_stack(
        [
            np.choose(quarter, [cosine, -sine, -cosine, sine]),
            np.choose(quarter, [sine, cosine, -sine, -cosine]),
        ]
    )


def _series(square: Array, coefficients: list[float]) -> Array:
    """Σ c_k z^k by Horner's rule."""
    value = np.full_like(square, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = value * square + coefficient
    return value
