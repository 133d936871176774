"""Values of a formula with the digits that are known of them, for arithmetic by hand.

The float nearest to π is not π, so sin of it is 1.2e-16 and not 0, and of sin(π/6) = 0.5 the last
digit is wrong. Rounding x moves f by |x f′(x)| times the unit of rounding: digits behind that say
nothing of f.
"""

from math import ceil, log10

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.formula import Formula, derivative_of
from core.arrays import Array

ROUNDING_UNITS = 8.0
MAX_SHORT = 12
"""Characters of a decimal that a client would write; other values stay as they are."""


def rounding_of(
    x: Float64[Array, "*axes"], y: Float64[Array, "*axes"], slopes: Float64[Array, "*axes"]
) -> Float64[Array, "*axes"]:
    """Return what the rounding of x and of f(x) leaves unknown of f."""
    steepness = np.abs(np.where(np.isfinite(slopes), slopes, 0.0) * x)
    return np.asarray(ROUNDING_UNITS * np.finfo(float).eps * (np.abs(y) + steepness))


def known_digits(
    function: Formula, x: Float64[Array, "n"], values: Float64[Array, "n"]
) -> Float64[Array, "n"]:
    """Return the values of f at x; near a short decimal, as far as is known, that decimal."""
    unknown = rounding_of(x, values, derivative_of(function)(x))
    pairs = zip(values.tolist(), unknown.tolist(), strict=True)
    return np.array([_rounded(value, doubt) for value, doubt in pairs])


def _rounded(value: float, doubt: float) -> float:
    """Return a short decimal within the doubt, if there is one; a zero has no sign."""
    if not doubt > 0.0:
        return value
    short = round(value, -ceil(log10(doubt))) + 0.0
    return short if len(repr(short)) <= MAX_SHORT else value
