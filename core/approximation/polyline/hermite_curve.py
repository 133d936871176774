"""A function as cubic pieces between gates: quick to ask at single points."""

from bisect import bisect_right
from dataclasses import dataclass
from math import inf, nextafter, sqrt

import numpy as np
from jaxtyping import Float64

from core.approximation.polyline.polyline import Line
from core.arrays import Array

CROSSING_ROUNDS, CLOSE = 60, 1e-15


@dataclass(frozen=True, eq=False)
class HermiteCurve:
    """c_0 + c_1 t + c_2 t² + c_3 t³ on every gap, with t from 0 to 1 along it.

    Plain lists of Python floats: they are read one number at a time.
    """

    x: list[float]
    pieces: list[tuple[float, float, float, float]]

    @staticmethod
    def hermite(
        x: Float64[Array, "n"], y: Float64[Array, "n"], slopes: Float64[Array, "n"]
    ) -> "HermiteCurve":
        """Return the curve with these heights and slopes at x."""
        return HermiteCurve(
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

    def tangent_points(self, gap: int, slope: float) -> list[tuple[float, float]]:
        """Return the gap's left gate, and every point inside at which the curve has this slope."""
        c0, c1, c2, c3 = self.pieces[gap]
        left, width = self.x[gap], self.x[gap + 1] - self.x[gap]
        points = [(left, c0)]
        # 3 c_3 t² + 2 c_2 t + c_1 - slope · width = 0, by the form that does not cancel.
        a, c = 3.0 * c3, c1 - slope * width
        discriminant = c2 * c2 - a * c
        if discriminant < 0.0:
            return points
        q = -(c2 + (sqrt(discriminant) if c2 >= 0.0 else -sqrt(discriminant)))
        for u, v in ((q, a), (c, q)):
            # Without a division wherever the root is not inside.
            if 0.0 < u < v or v < u < 0.0:
                t = u / v
                points.append((left + t * width, c0 + t * (c1 + t * (c2 + t * c3))))
        return points

    def last_below(
        self, gap: int, wall: tuple[float, float], line: Line, inside: float, outside: float
    ) -> float:
        """Return the last x, from `inside` on, before factor · curve + shift rises above the line.

        At `inside` it is not above, at `outside` it is. Newton's method, between bounds.
        """
        (c0, c1, c2, c3), (factor, shift) = self.pieces[gap], wall
        left, width = self.x[gap], self.x[gap + 1] - self.x[gap]
        d0 = factor * c0 + (shift - line(left))
        d1, d2, d3 = factor * c1 - line.slope * width, factor * c2, factor * c3
        below, above = (inside - left) / width, (outside - left) / width
        t = above
        for _ in range(CROSSING_ROUNDS):
            height = d0 + t * (d1 + t * (d2 + t * d3))
            below, above = (t, above) if height <= 0.0 else (below, t)
            steepness = d1 + t * (2.0 * d2 + t * 3.0 * d3)
            newton = t - height / steepness if steepness else below
            if not below < newton < above:
                newton = 0.5 * below + 0.5 * above
            if abs(newton - t) <= CLOSE * above:
                break
            t = newton
        # The gate at `outside` is a different gate, even where the floats are nearly equal.
        return max(inside, min(left + t * width, nextafter(outside, -inf)))


def hermite_coefficients(
    x: Float64[Array, "n"], y: Float64[Array, "n"], slopes: Float64[Array, "n"]
) -> Float64[Array, "4 n-1"]:
    """Return c_0 … c_3 of every gap; a slope that is not finite is taken from the chord."""
    width, rise = np.diff(x), np.diff(y)
    left = np.where(np.isfinite(slopes[:-1]), slopes[:-1] * width, rise)
    right = np.where(np.isfinite(slopes[1:]), slopes[1:] * width, rise)
    return np.stack([y[:-1], left, 3.0 * rise - 2.0 * left - right, left + right - 2.0 * rise])
