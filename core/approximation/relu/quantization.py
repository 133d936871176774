"""Networks with short numbers: float32 or fixed point, and how far that moves them, proved."""

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from jaxtyping import Float64

from core.approximation.relu.compensated_terms import multiple_of
from core.approximation.relu.exact_polyline import (
    ZERO,
    ExactPolyline,
    exactly,
    float_above,
    nearest_float,
)
from core.approximation.relu.extrapolation import relu_sum
from core.approximation.relu.relu_sum import ReluSum
from core.arrays import Array
from core.errors import InvalidGrid, OutOfDomain

MIN_BITS, MOST_BITS = 4, 48


@dataclass(frozen=True, eq=False)
class Quantized:
    """A network with short numbers.

    |network - polyline| ≤ `error` on the whole interval, for exact arithmetic with these numbers.
    """

    network: ReluSum
    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    """The rounded points, and the network's heights there."""
    error: float
    knot_step: float | None
    lambda_step: float | None
    """The units of knots and of λ and bias in fixed point, powers of 2; None for floats."""


def to_float32(
    grid: Float64[Array, "n"], values: Float64[Array, "n"], outside: str = "clamp", pivot: int = 0
) -> Quantized:
    """Round knots, λ and bias to float32; where `clamp` needs it the last λ is split in two.

    Raises `InvalidGrid` where two knots become one, and `OutOfDomain` beyond the range of float32.
    """
    points = _distinct(grid, [float32_of(exactly(x)) for x in grid.tolist()])
    wanted = np.interp(points, grid, values)
    network = relu_sum(points, wanted, outside, pivot, None, float32_of)
    return _quantized(grid, values, points, network, None, None)


def to_fixed_point(
    grid: Float64[Array, "n"],
    values: Float64[Array, "n"],
    bits: int,
    outside: str = "clamp",
    pivot: int = 0,
) -> Quantized:
    """Round to multiples of a power of 2 that fit signed integers of `bits` bits.

    One power is for the knots, one for λ and bias. Raises `OutOfDomain` for bits that are out of
    range or too few for the λ, and `InvalidGrid` where two knots become one.
    """
    if not MIN_BITS <= bits <= MOST_BITS:
        raise OutOfDomain(
            f"bits is {bits}, not from {MIN_BITS} to {MOST_BITS}", ("quantize", "bits")
        )
    largest = 2.0 ** (bits - 1) - 1.0
    knot_step = _power_above(float(np.abs(grid).max()) / largest)
    slopes = np.diff(values) / np.diff(grid)
    changes = np.diff(slopes, prepend=0.0, append=0.0)
    # Corrections of rounding may make a λ a little larger than it was: twice the room is enough.
    bias = abs(values[pivot])
    lambda_step = _power_above(2.0 * max(np.abs(changes).max(), bias) / largest)
    points = _distinct(grid, [multiple_of(knot_step)(exactly(x)) for x in grid.tolist()])
    wanted = np.interp(points, grid, values)
    network = relu_sum(points, wanted, outside, pivot, None, multiple_of(lambda_step))
    if max(np.abs(network.lambdas).max(), abs(network.bias)) > largest * lambda_step:
        raise OutOfDomain(f"{bits} bits are too few for the slopes", ("quantize", "bits"))
    return _quantized(grid, values, points, network, knot_step, lambda_step)


def float32_of(value: fmpq) -> float:
    """Return the float32 nearest to a fraction; raises `OutOfDomain` beyond their range."""
    with np.errstate(over="ignore"):
        rounded = float(np.float32(nearest_float(value)))
    if not np.isfinite(rounded):
        raise OutOfDomain(
            f"{nearest_float(value)} is beyond what a float32 can hold", ("quantize",)
        )
    return rounded


def _distinct(grid: Array, knots: list[float]) -> Array:
    """Return the rounded points; raises `InvalidGrid` where two of them are one."""
    points = np.array(knots)
    merged = points[1:] <= points[:-1]
    if merged.any():
        i = int(np.argmax(merged)) + 1
        raise InvalidGrid(f"points {i} and {i + 1} are the same after rounding", ("quantize",))
    return points


def _quantized(
    grid: Array,
    values: Array,
    points: Array,
    network: ReluSum,
    knot_step: float | None,
    lambda_step: float | None,
) -> Quantized:
    ends = float(points[0]), float(points[-1])
    heights = ExactPolyline.of(network, ends)
    reached = np.array([nearest_float(heights.at(x)) for x in points.tolist()])
    return Quantized(
        network, points, reached, distance(grid, values, network), knot_step, lambda_step
    )


def distance(grid: Float64[Array, "n"], values: Float64[Array, "n"], network: ReluSum) -> float:
    """Return the largest |network - polyline| on the interval, rounded up.

    Both are straight between all their knots.
    """
    found = ExactPolyline.of(network, (float(grid[0]), float(grid[-1])))
    x, y = [exactly(u) for u in grid.tolist()], [exactly(u) for u in values.tolist()]
    largest, segment = ZERO, 0
    for point in sorted({*grid.tolist(), *found.x}):
        at = exactly(point)
        while segment < len(x) - 2 and x[segment + 1] <= at:
            segment += 1
        rise = (y[segment + 1] - y[segment]) / (x[segment + 1] - x[segment])
        largest = max(largest, abs(found.at(point) - y[segment] - rise * (at - x[segment])))
    return float_above(largest)


def _power_above(value: float) -> float:
    """Return the least power of 2 that is not below the value."""
    mantissa, exponent = np.frexp(max(value, float(np.finfo(float).tiny)))
    return float(np.ldexp(1.0, int(exponent) - (mantissa == 0.5)))
