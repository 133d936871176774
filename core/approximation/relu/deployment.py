"""The network in use: with a chosen behaviour outside its interval, and with chosen numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.relu.quantization import to_fixed_point, to_float32
from core.approximation.relu.relu_sum import ReluSum, relu_sum
from core.arrays import Array, require_finite


@dataclass(frozen=True)
class DeploymentOptions:
    """How a network shall be embedded: `bits` are of fixed point, None for floats."""

    extrapolation: str = "clamp"
    precision: str = "float64"
    bits: int | None = None

    @property
    def is_reduced_precision(self) -> bool:
        """Whether rounding moves the network."""
        return self.bits is not None or self.precision == "float32"


@dataclass(frozen=True, eq=False)
class DeployedNetwork:
    """The network, its bends (`grid`) and its heights there (`values`).

    It differs from the polyline that was wanted by at most `error` on the interval.
    """

    choice: DeploymentOptions
    network: ReluSum
    grid: Float64[Array, "n"]
    values: Float64[Array, "n"]
    error: float
    knot_step: float | None
    lambda_step: float | None

    @cached_property
    def segments(self) -> PiecewiseLinear:
        """The network by its values and slopes, without the cancellation of its terms."""
        slopes = np.diff(self.values) / np.diff(self.grid)
        ends = slopes[[0, -1]] if self.choice.extrapolation == "linear" else np.zeros(2)
        return PiecewiseLinear(
            breakpoints=self.grid,
            anchors=np.concatenate([self.grid[:1], self.grid[:-1], self.grid[-1:]]),
            values=np.concatenate([self.values[:1], self.values[:-1], self.values[-1:]]),
            slopes=np.concatenate([ends[:1], slopes, ends[1:]]),
        )

    @property
    def residuals(self) -> Float64[Array, "n"]:
        """Σ_j λ_j ReLU(x_i - b_j) + bias - values_i for every i, in O(n).

        The sums are taken in the longest float of the machine: they show the rounding of the λ.
        """
        # The last unit is 0 on the whole grid: it looks out of it, to the left or to the right.
        slopes = np.cumsum(self.network.lambdas[:-1].astype(np.longdouble))
        rises = np.cumsum(slopes * np.diff(self.grid.astype(np.longdouble)))
        heights = self.network.bias + np.concatenate([[0.0], rises])
        return np.asarray(heights - self.values, dtype=np.float64)

    def __call__(self, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
        """Return the network's value, element by element."""
        return self.segments(x)


def embed(
    grid: Float64[Array, "n"], values: Float64[Array, "n"], choice: DeploymentOptions
) -> DeployedNetwork:
    """Make the network of the polyline through the points.

    Raises `NotFinite` where a slope is beyond the floats, and what `to_float32` and
    `to_fixed_point` raise.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        network = relu_sum(grid, values, choice.extrapolation)
    require_finite(network.lambdas, "lambdas", ("outside",))
    if not choice.is_reduced_precision:
        return DeployedNetwork(choice, network, grid, values, 0.0, None, None)
    short = (
        to_float32(grid, values, choice.extrapolation)
        if choice.bits is None
        else to_fixed_point(grid, values, choice.bits, choice.extrapolation)
    )
    return DeployedNetwork(choice, **vars(short))
