"""The limit of a quotient at a point where it is 0/0."""

from typing import NamedTuple

import numpy as np

from core.arrays import Array

# Beside the point the quotient of two small differences has lost its digits: within this distance
# (a simple zero, a double one) the tangent is closer. Times max(1, |c|).
NEAR, NEAR_DOUBLE = 2.0**-26, 2.0**-13


class Removable(NamedTuple):
    """The quotient is `limit` + `slope` (x - c) within `near` of c."""

    c: float
    limit: float
    slope: float
    near: float
    order: int
    """Of the zero of the denominator: 1 or 2."""

    def fill(self, x: Array, values: Array | np.float64) -> Array:
        """Return the values of the quotient at x with the tangent beside c."""
        tangent = self.limit + self.slope * (x - self.c)
        return np.where(np.abs(x - self.c) <= self.near, tangent, values)
