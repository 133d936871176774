"""A polyline as a sum of ReLUs with a chosen behaviour outside its interval."""

from dataclasses import dataclass

import numpy as np
from flint import fmpq
from jaxtyping import Float64

from core.approximation.relu.compensated_terms import (
    MAX_EXACT,
    Rounding,
    TermSolver,
    multiple_of,
    rounding_room,
    solve,
)
from core.approximation.relu.exact_polyline import exactly, nearest_float
from core.approximation.relu.relu_sum import ReluSum
from core.arrays import Array, require_finite
from core.errors import UnknownName

OUTSIDE = ("clamp", "linear")
MANTISSA_BITS = 53


@dataclass(frozen=True, eq=False)
class _Sides:
    """What has been solved from the pivot to the right, and to the left in the mirror x → -x."""

    right: TermSolver
    left: TermSolver

    def joined(self, bias: float) -> ReluSum:
        """Return both as one sum."""
        knots = [*self.right.knots, *(0.0 - knot for knot in self.left.knots)]
        directions = np.repeat([1.0, -1.0], [len(self.right.knots), len(self.left.knots)])
        return ReluSum(
            np.array(knots), directions, np.array([*self.right.lambdas, *self.left.lambdas]), bias
        )


def relu_sum(
    grid: Float64[Array, "n"],
    values: Float64[Array, "n"],
    outside: str = "clamp",
    pivot: int = 0,
    room: Float64[Array, "n"] | None = None,
    rounded: Rounding = nearest_float,
) -> ReluSum:
    """Write the polyline through the points with units on the right of a pivot, and on its left.

    `outside` [x_1, x_n] it stays exactly at its last value (`clamp`) or goes on with its last slope
    (`linear`). The bias is the value at the pivot, and only units between the pivot and x are
    active at x: where |f| is small there, so are all terms. The rounding at point i is within
    `room` (none is asked for without it). Raises `UnknownName`, and as `solve` does.
    """
    if outside not in OUTSIDE:
        raise UnknownName(f"there is no {outside!r} outside; there are {', '.join(OUTSIDE)}")
    if len(grid) > MAX_EXACT and rounded is nearest_float:
        return _rounded_alone(grid, values, outside)
    if room is None and rounded is nearest_float:
        room = rounding_room(values)
    if outside == "clamp" and rounded is nearest_float and room is not None:
        # Multiples of one power of 2 add up to 0 exactly, without a unit more.
        free = np.full(len(grid), np.inf)
        network, off = _solved(grid, values, outside, pivot, free, _multiples(grid, values))
        if all(abs(u) <= exactly(spare) for u, spare in zip(off, room.tolist(), strict=True)):
            return network
    spare = np.full(len(grid), np.inf) if room is None else room
    return _solved(grid, values, outside, pivot, spare, rounded)[0]


def _solved(
    grid: Array, values: Array, outside: str, pivot: int, room: Array, rounded: Rounding
) -> tuple[ReluSum, list[fmpq]]:
    """Return the sum, and how far it is from the values."""
    points = (grid.tolist(), values.tolist(), room.tolist())
    x, y, spare = (column[pivot:] for column in points)
    right = solve(x, y, spare, rounded)
    x, y, spare = (column[pivot::-1] for column in points)
    left = solve([-u for u in x], y, spare, rounded)
    if outside == "clamp":
        for side in (right, left):
            if side.knots:
                side.stop()
    elif pivot == 0:
        _continue(left, right)
    elif pivot == len(grid) - 1:
        _continue(right, left)
    bias = rounded(exactly(values[pivot].item()))
    network = _Sides(right, left).joined(bias)
    return network, [*reversed(left.off), exactly(bias) - exactly(values[pivot].item()), *right.off]


def _rounded_alone(grid: Array, values: Array, outside: str) -> ReluSum:
    """Return the sum from the left with λ that are each rounded alone; with infinite ones too."""
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = np.diff(values) / np.diff(grid)
        lambdas = np.diff(slopes, prepend=0.0)
        last = -slopes[-1] if outside == "clamp" else -slopes[0]
    lambdas, directions = np.append(lambdas, last), np.ones(len(grid))
    require_finite(lambdas, "lambdas", ("outside",))
    if outside == "clamp":
        return ReluSum(grid, directions, lambdas, float(values[0]))
    directions[-1] = -1.0
    return ReluSum(np.append(grid[:-1], grid[0]), directions, lambdas, float(values[0]))


def _continue(side: TermSolver, other: TermSolver) -> None:
    """Let the first slope of `other` go on to this side of the pivot."""
    first = other.knots[0]
    for knot, weight in zip(other.knots, other.lambdas, strict=True):
        if knot == first:
            side.knots.append(side.at)
            side.lambdas.append(0.0 - weight)


def _multiples(grid: Array, values: Array) -> Rounding:
    """Return the rounding to multiples of the last place of the largest slope."""
    with np.errstate(over="ignore"):
        slopes = np.abs(np.diff(values) / np.diff(grid))
    largest = float(slopes.max())
    if not 0.0 < largest < np.inf:
        return nearest_float
    # Differences of two slopes, and corrections, need a bit more each.
    _, exponent = np.frexp(largest)
    step = float(np.ldexp(1.0, int(exponent) + 2 - MANTISSA_BITS))
    return multiple_of(step) if step > 0.0 else nearest_float
