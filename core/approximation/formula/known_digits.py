"""Values of a formula with the digits that are known of them, for arithmetic by hand.

The float nearest to π is not π, so sin of it is 1.2e-16 and not 0, and of sin(π/6) = 0.5 the last
digit is wrong. Rounding x moves f by |x f′(x)| times the unit of rounding: digits behind that say
nothing of f.
"""

from math import floor, log10

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.formula import Formula, derivative_of
from core.arrays import Array

ROUNDING_UNITS = 8.0


def rounding_of(
    x: Float64[Array, "*axes"], y: Float64[Array, "*axes"], slopes: Float64[Array, "*axes"]
) -> Float64[Array, "*axes"]:
    """Return what the rounding of x and of f(x) leaves unknown of f."""
    steepness = np.abs(np.where(np.isfinite(slopes), slopes, 0.0) * x)
    return np.asarray(ROUNDING_UNITS * np.finfo(float).eps * (np.abs(y) + steepness))


def known_digits(
    function: Formula, x: Float64[Array, "n"], values: Float64[Array, "n"]
) -> Float64[Array, "n"]:
    """Return the values of f at x, each rounded to the last decimal that is known of it."""
    unknown = rounding_of(x, values, derivative_of(function)(x))
    pairs = zip(values.tolist(), unknown.tolist(), strict=True)
    return np.array([_rounded(value, doubt) for value, doubt in pairs])


def _rounded(value: float, doubt: float) -> float:
    """Round to the power of ten below the doubt; a zero has no sign."""
    if not doubt > 0.0:
        return value
    return round(value, -floor(log10(doubt))) + 0.0
