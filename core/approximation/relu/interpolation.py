"""Task 7 of docs/exercise-sheet.md: NN(x) = Σ λ_j ReLU(x - b_j) through given points, in O(n)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.formula import Formula, finite_values
from core.approximation.grids import strictly_increasing
from core.approximation.relu.compensated_terms import MAX_EXACT, rounding_room, solve
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.relu.relu_sum import ReluSum
from core.arrays import Array
from core.errors import InvalidGrid, NotFinite, Place, ShapeMismatch, counted
from core.neural_network import NeuralNetwork

# Differences of a block and the block itself stay in the second-level cache.
BLOCK = 32768


@dataclass(frozen=True, eq=False)
class ReluInterpolation:
    """NN with NN(x_i) = values_i at every point of `grid`.

    Between the points NN is linear, left of the first knot 0, right of the grid it goes on with
    the last slope.
    """

    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    knots: Float64[Array, "n"]
    """b_1 = x_1 - (x_2 - x_1) and b_{i+1} = x_i."""
    lambdas: Float64[Array, "n"]
    """λ_j is the change of NN's slope at knot j."""
    room: Float64[Array, "n"]
    """How far the sum may be from the values by rounding before a λ is split in two."""

    @cached_property
    def relu_sum(self) -> ReluSum:
        """The sum of Task 7 with λ that compensate each other's rounding.

        Beyond `MAX_EXACT` points λ are those of `lambdas`, each rounded alone.
        """
        if len(self.grid) > MAX_EXACT:
            return ReluSum(self.knots, np.ones(len(self.knots)), self.lambdas, 0.0)
        points = [self.knots[0].item(), *self.grid.tolist()]
        solved = solve(points, [0.0, *self.values.tolist()], [0.0, *self.room.tolist()])
        knots, lambdas = np.array(solved.knots), np.array(solved.lambdas)
        return ReluSum(knots, np.ones(len(knots)), lambdas, 0.0)

    @cached_property
    def segments(self) -> PiecewiseLinear:
        """NN by its values and slopes: the sum of ReLUs without the cancellation of its terms."""
        before = np.concatenate([self.knots[:1], self.grid[:-1]])
        slopes = np.diff(self.values, prepend=0.0) / (self.grid - before)
        return PiecewiseLinear(
            breakpoints=np.append(self.knots, self.grid[-1]),
            # The last point starts a segment of its own, so that its value is exact as well.
            anchors=np.concatenate([self.knots[:1], self.knots, self.grid[-1:]]),
            values=np.concatenate([[0.0, 0.0], self.values]),
            slopes=np.concatenate([[0.0], slopes, slopes[-1:]]),
        )

    def __call__(self, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
        """NN(x), element by element; exactly `values` at the points of `grid`."""
        return self.segments(x)

    def as_network(self) -> NeuralNetwork:
        """One hidden layer of ReLU(x - b_j), all weights 1, and the output Σ λ_j x_j^(1)."""
        return self.relu_sum.as_network()


def interpolate(
    grid: Float64[Array, "n"],
    values: Float64[Array, "entries"],
    grid_place: Place = ("grid",),
    values_place: Place = ("values",),
    room: Float64[Array, "n"] | None = None,
) -> ReluInterpolation:
    """Solve the triangular system for the λ that take NN through every (x_i, values_i).

    `values` are finite; the places say where both stand in the question. Raises `ShapeMismatch`
    where there are more or fewer values than points, `InvalidGrid` for points that do not increase,
    and `NotFinite` where a slope overflows.
    """
    if len(values) != len(grid):
        raise ShapeMismatch(
            f"got {counted(len(values), 'value')} for {counted(len(grid), 'point')}", values_place
        )
    strictly_increasing(grid, grid_place)
    knots = knots_of(grid, grid_place)
    lambdas = lambdas_of(grid, values)
    _require_finite_slopes(grid, lambdas, values_place)
    room = rounding_room(values) if room is None else room
    return ReluInterpolation(grid, values, knots, lambdas, room)


def interpolate_function(function: Formula, grid: Float64[Array, "n"]) -> ReluInterpolation:
    """Take NN through (x_i, f(x_i)).

    Raises `NotFinite` naming the first point at which f is not finite, and as `interpolate` does.
    """
    return interpolate(grid, finite_values(function, grid), values_place=("function",))


def through_points(
    x: Float64[Array, "n"], y: Float64[Array, "n"], room: Float64[Array, "n"] | None = None
) -> ReluInterpolation:
    """Take NN through every point of a table; through a single one it is the constant y.

    Raises as `interpolate` does.
    """
    if len(x) == 1:
        return ReluInterpolation(x, y, x, np.zeros(1), np.zeros(1))
    return interpolate(x, y, ("samples", "x"), ("samples", "y"), room)


def knots_of(grid: Float64[Array, "n"], place: Place = ("grid",)) -> Float64[Array, "n"]:
    """b_1 = x_1 - (x_2 - x_1), b_{i+1} = x_i.

    Raises `InvalidGrid` where b_1 lies beyond the largest float.
    """
    knots = np.empty_like(grid)
    with np.errstate(over="ignore"):
        knots[0] = grid[0] - (grid[1] - grid[0])
    knots[1:] = grid[:-1]
    if not np.isfinite(knots[0]):
        raise InvalidGrid(f"the knot left of {grid[0]} is beyond the largest float", (*place, 0))
    return knots


def lambdas_of(grid: Float64[Array, "n"], values: Float64[Array, "n"]) -> Float64[Array, "n"]:
    """λ_j = m_j - m_{j-1} with the slopes m_j = (f(x_j) - f(x_{j-1})) / (x_j - x_{j-1}).

    This is forward substitution in h T λ = f, done on the differences of its rows; x_0 = b_1, and
    there f is 0. Where a slope is beyond the largest float, λ_j is infinite or NaN.
    """
    n = len(grid)
    lambdas = np.empty_like(values)
    steps, slopes = np.empty(min(BLOCK, n)), np.empty(min(BLOCK, n) + 1)
    with np.errstate(over="ignore", invalid="ignore"):
        first = values[0] / (grid[0] - (grid[0] - (grid[1] - grid[0])))
        lambdas[0] = slopes[0] = first
        for start in range(1, n, BLOCK):
            end = min(start + BLOCK, n)
            step, slope = steps[: end - start], slopes[1 : end - start + 1]
            np.subtract(grid[start:end], grid[start - 1 : end - 1], out=step)
            np.subtract(values[start:end], values[start - 1 : end - 1], out=slope)
            np.divide(slope, step, out=slope)
            np.subtract(slope, slopes[: end - start], out=lambdas[start:end])
            slopes[0] = slope[-1]
        if n > 2:
            lambdas[2] += _rounding(
                first, lambdas[1], (values[1] - values[0]) / (grid[1] - grid[0])
            )
    return lambdas


def _rounding(first: float, second: float, slope: float) -> float:
    """Return exactly what λ_1 + λ_2 lacks of the second slope.

    λ_1 = f(x_1)/h may be far larger than all other slopes; the rounding of λ_2 beside it would stay
    in every later slope if λ_3 did not take it up. (Knuth's TwoSum of λ_1 and λ_2.)
    """
    total = first + second
    of_second = total - first
    error = (first - (total - of_second)) + (second - of_second)
    return (slope - total) - error


def _require_finite_slopes(grid: Array, lambdas: Array, place: Place) -> None:
    finite = np.isfinite(lambdas)
    if not finite.all():
        j = max(int(np.argmin(finite)) - 1, 0)
        raise NotFinite(
            f"the values change so fast at x = {grid[j]} that the slope is beyond the floats",
            (*place, j) if place != ("function",) else place,
        )
