"""A function as cubic pieces between gates: quick to ask at single points."""

from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt

import numpy as np
from jaxtyping import Float64

from core.arrays import Array


@dataclass(frozen=True, eq=False)
class Curve:
    """c_0 + c_1 t + c_2 t² + c_3 t³ on every gap, with t from 0 to 1 along it.

    Plain lists of Python floats: they are read one number at a time.
    """

    x: list[float]
    pieces: list[tuple[float, float, float, float]]

    @staticmethod
    def hermite(
        x: Float64[Array, "n"], y: Float64[Array, "n"], slopes: Float64[Array, "n"]
    ) -> "Curve":
        """Return the curve with these heights and slopes at x."""
        return Curve(
            x.tolist(), list(zip(*hermite_coefficients(x, y, slopes).tolist(), strict=True))
        )

    def gap_of(self, x: float) -> int:
        """Return the number of the gap that holds x; a gate belongs to the gap on its right."""
        return min(max(bisect_right(self.x, x) - 1, 0), len(self.pieces) - 1)

    def height(self, gap: int, x: float) -> float:
        """Return the height at x, which lies in this gap."""
        c0, c1, c2, c3 = self.pieces[gap]
        t = (x - self.x[gap]) / (self.x[gap + 1] - self.x[gap])
        return c0 + t * (c1 + t * (c2 + t * c3))

    def at_slope(self, gap: int, slope: float) -> list[float]:
        """Return every x inside the gap at which the curve has this slope."""
        _, c1, c2, c3 = self.pieces[gap]
        left, width = self.x[gap], self.x[gap + 1] - self.x[gap]
        # 3 c_3 t² + 2 c_2 t + c_1 - slope · width = 0, by the form that does not cancel.
        a, half_b, c = 3.0 * c3, c2, c1 - slope * width
        discriminant = half_b * half_b - a * c
        if discriminant < 0.0:
            return []
        q = -(half_b + (sqrt(discriminant) if half_b >= 0.0 else -sqrt(discriminant)))
        roots = [u / v for u, v in ((q, a), (c, q)) if v != 0.0]
        return [left + t * width for t in roots if 0.0 < t < 1.0]


def hermite_coefficients(
    x: Float64[Array, "n"], y: Float64[Array, "n"], slopes: Float64[Array, "n"]
) -> Float64[Array, "4 n-1"]:
    """Return c_0 … c_3 of every gap; a slope that is not finite is taken from the chord."""
    width, rise = np.diff(x), np.diff(y)
    left = np.where(np.isfinite(slopes[:-1]), slopes[:-1] * width, rise)
    right = np.where(np.isfinite(slopes[1:]), slopes[1:] * width, rise)
    return np.stack([y[:-1], left, 3.0 * rise - 2.0 * left - right, left + right - 2.0 * rise])
