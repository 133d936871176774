"""The system f(x_i) = Σ_{j≤i} λ_j (x_i - b_j) of Task 7, docs/exercise-sheet.md."""

import numpy as np
from jaxtyping import Float64

from core.approximation.relu.interpolation import ReluInterpolation
from core.arrays import Array


def triangular_matrix(
    grid: Float64[Array, "n"], knots: Float64[Array, "n"]
) -> Float64[Array, "n n"]:
    """ReLU(x_i - b_j); on an equidistant grid h T with T = [[1], [2, 1], [3, 2, 1], …]."""
    return np.tril(grid[:, np.newaxis] - knots)


def residuals(interpolation: ReluInterpolation) -> Float64[Array, "n"]:
    """Σ_j λ_j ReLU(x_i - b_j) - f(x_i) for every i, in O(n).

    Row i + 1 of the system is row i plus (λ_1 + … + λ_{i+1}) (x_{i+1} - x_i). The sums are taken
    in the longest float of the machine, so that they show the rounding of the λ and not their own.
    """
    lambdas = interpolation.lambdas.astype(np.longdouble)
    grid = interpolation.grid.astype(np.longdouble)
    steps = np.diff(grid, prepend=interpolation.knots[0])
    rows = np.cumsum(np.cumsum(lambdas) * steps)
    return np.asarray(rows - interpolation.values, dtype=np.float64)
