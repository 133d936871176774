"""The network in exact arithmetic: a sum of ReLUs with float parameters as a polyline of fractions.

Every float is a dyadic rational, so bends, heights and slopes of bias + Σ λ_j ReLU(±(x - b_j)) are
fractions without any rounding. Bounds that hold for them hold for the numbers that are answered.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from flint import fmpq
from jaxtyping import Float64

from core.approximation.relu.relu_sum import ReluSum
from core.arrays import Array

ZERO = fmpq(0)


def exactly(value: float) -> fmpq:
    """Return the fraction that a finite float is."""
    return fmpq(*value.as_integer_ratio())


def nearest_float(value: fmpq) -> float:
    """Return the float64 nearest to a fraction, ±inf beyond the floats."""
    try:
        # Python divides integers of any length with one rounding.
        return int(value.p) / int(value.q)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def float_above(value: fmpq) -> float:
    """Return the least float64 that is not below a fraction."""
    nearest = nearest_float(value)
    return (
        nearest
        if np.isinf(nearest) or exactly(nearest) >= value
        else float(np.nextafter(nearest, np.inf))
    )


@dataclass(frozen=True, eq=False)
class ExactPolyline:
    """Straight from each x_i to the next one, with `heights` at x_i and `slopes` after x_i."""

    x: list[float]
    heights: list[fmpq]
    slopes: list[fmpq]

    @staticmethod
    def of(network: ReluSum, interval: tuple[float, float]) -> ExactPolyline:
        """Return what the network is on the interval, its bends and both ends included."""
        a, b = interval
        knots, lambdas = network.knots.tolist(), network.lambdas.tolist()
        height, slope = exactly(network.bias), ZERO
        start = exactly(a)
        changes: dict[float, fmpq] = {}
        for knot, weight, direction in zip(
            knots, lambdas, network.directions.tolist(), strict=True
        ):
            change = exactly(weight)
            if direction > 0.0 and knot <= a:
                slope += change
                height += change * (start - exactly(knot))
                continue
            if direction < 0.0 and knot > a:
                slope -= change
                height += change * (exactly(knot) - start)
            if a < knot < b:
                changes[knot] = changes.get(knot, ZERO) + change
        x, heights, slopes = [a], [height], [slope]
        for knot in [*sorted(changes), b]:
            heights.append(heights[-1] + slopes[-1] * (exactly(knot) - exactly(x[-1])))
            x.append(knot)
            if knot < b:
                slopes.append(slopes[-1] + changes[knot])
        return ExactPolyline(x, heights, slopes)

    @property
    def grid(self) -> Float64[Array, n]:
        """The points x_i."""
        return np.array(self.x)

    @property
    def values(self) -> Float64[Array, n]:
        """The heights, each as the nearest float."""
        return np.array([nearest_float(height) for height in self.heights])

    def at(self, x: float) -> fmpq:
        """Return the height at x, with the outer segments going on beyond the ends."""
        i = min(max(bisect_right(self.x, x) - 1, 0), len(self.slopes) - 1)
        return self.heights[i] + self.slopes[i] * (exactly(x) - exactly(self.x[i]))
