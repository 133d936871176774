"""Networks with short numbers: float32 or fixed point, and how far that moves them, proved."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from flint import arb
from jaxtyping import Float64

from core.approximation.relu.relu_sum import ReluSum, joined
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
    grid: Float64[Array, "n"], values: Float64[Array, "n"], outside: str = "clamp"
) -> Quantized:
    """Round knots, λ and bias to float32.

    Raises `InvalidGrid` where two knots become one, and `OutOfDomain` beyond the range of float32.
    """
    found = _requantized(grid, values, outside, _rounded_to_float32, _rounded_to_float32)
    return Quantized(*found, _distance(grid, values, found[0]), None, None)


def to_fixed_point(
    grid: Float64[Array, "n"], values: Float64[Array, "n"], bits: int, outside: str = "clamp"
) -> Quantized:
    """Round to multiples of a power of 2 that fit signed integers of so many bits.

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
    lambda_step = _power_above(2.0 * max(np.abs(changes).max(), np.abs(values[0])) / largest)
    network, points, heights = _requantized(
        grid, values, outside, lambda u: knot_step * round(u / knot_step),
        lambda u: lambda_step * round(u / lambda_step),
    )  # fmt: skip
    if max(np.abs(network.lambdas).max(), abs(network.bias)) > largest * lambda_step:
        raise OutOfDomain(f"{bits} bits are too few for the slopes", ("quantize", "bits"))
    error = _distance(grid, values, network)
    return Quantized(network, points, heights, error, knot_step, lambda_step)


def _requantized(
    grid: Array,
    values: Array,
    outside: str,
    rounded_knot: Callable[[float], float],
    rounded_lambda: Callable[[float], float],
) -> tuple[ReluSum, Array, Array]:
    """Solve for the λ one after the other, each on top of what rounding has made of those before.

    So every error of rounding is taken back by the next λ, and none adds up.
    """
    knots = np.array([rounded_knot(x) for x in grid.tolist()])
    merged = knots[1:] <= knots[:-1]
    if merged.any():
        i = int(np.argmax(merged)) + 1
        raise InvalidGrid(f"points {i} and {i + 1} are the same after rounding", ("quantize",))
    wanted = np.interp(knots, grid, values).tolist()
    height = bias = rounded_lambda(wanted[0])
    slope, lambdas, heights = 0.0, [], [bias]
    for step, target in zip(np.diff(knots).tolist(), wanted[1:], strict=True):
        lambdas.append(rounded_lambda((target - height) / step - slope))
        slope += lambdas[-1]
        height += slope * step
        heights.append(height)
    # The first slope goes on to the left, and its λ is short already; the last one has to end.
    lambdas.append(-lambdas[0] if outside == "linear" else rounded_lambda(-slope))
    network = joined(knots, np.array(lambdas), bias, outside)
    return network, knots, np.array(heights)


def _distance(grid: Array, values: Array, network: ReluSum) -> float:
    """Bound |network - polyline| on the interval: both are straight between all their knots."""
    order = np.argsort(network.knots, kind="stable")
    knots, lambdas = network.knots[order].tolist(), network.lambdas[order].tolist()
    x, y = grid.tolist(), values.tolist()
    points = sorted({*x, *(knot for knot in knots if x[0] <= knot <= x[-1])})
    height, at, unit, segment = arb(network.bias), arb(knots[0]), 0, 0
    slope = -arb(float(network.lambdas[network.directions < 0.0].sum()))
    largest = 0.0
    for point in points:
        while unit < len(knots) and knots[unit] <= point:
            height += slope * (arb(knots[unit]) - at)
            at, slope, unit = arb(knots[unit]), slope + lambdas[unit], unit + 1
        while segment < len(x) - 2 and x[segment + 1] <= point:
            segment += 1
        rise = (arb(y[segment + 1]) - y[segment]) / (arb(x[segment + 1]) - x[segment])
        chord = y[segment] + rise * (arb(point) - x[segment])
        largest = max(largest, float(abs(height + slope * (arb(point) - at) - chord).upper()))
    return largest


def _rounded_to_float32(value: float) -> float:
    with np.errstate(over="ignore"):
        rounded = float(np.float32(value))
    if not np.isfinite(rounded):
        raise OutOfDomain(f"{value} is beyond what a float32 can hold", ("quantize",))
    return rounded


def _power_above(value: float) -> float:
    """Return the least power of 2 that is not below the value."""
    mantissa, exponent = np.frexp(max(value, float(np.finfo(float).tiny)))
    return float(np.ldexp(1.0, int(exponent) - (mantissa == 0.5)))
