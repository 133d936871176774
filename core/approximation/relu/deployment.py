"""The network in use: with a chosen behaviour outside its interval, and with chosen numbers."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from core.approximation.relu.compensated_terms import rounding_room
from core.approximation.relu.exact_polyline import exactly
from core.approximation.relu.extrapolation import relu_sum
from core.approximation.relu.interpolation import ReluInterpolation, interpolate
from core.approximation.relu.piecewise_linear import PiecewiseLinear
from core.approximation.relu.quantization import float32_of, to_fixed_point, to_float32
from core.approximation.relu.relu_sum import ReluSum
from core.arrays import Array
from core.errors import OutOfDomain

RELATIVE_EVALUATION = 1e-6
"""The share of every value that may be lost when the sum of Task 7 is evaluated in floats."""


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

    @property
    def relu_sum(self) -> ReluSum:
        """The terms of the network."""
        return self.network

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

    def __call__(self, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
        """Return the network's value, element by element."""
        return self.segments(x)


def embed(
    grid: Float64[Array, "n"],
    values: Float64[Array, "n"],
    choice: DeploymentOptions,
    room: Float64[Array, "n"] | None = None,
    pivot: int = 0,
) -> DeployedNetwork:
    """Make the network of the polyline through the points.

    `room` is for the rounding of the λ in float64. Raises `NotFinite` where a λ is beyond the
    floats, and what `to_float32` and `to_fixed_point` raise.
    """
    outside = choice.extrapolation
    if not choice.is_reduced_precision:
        room = rounding_room(values) if room is None else room
        network = relu_sum(grid, values, outside, pivot, room)
        return DeployedNetwork(choice, network, grid, values, 0.0, None, None)
    short = (
        to_float32(grid, values, outside, pivot)
        if choice.bits is None
        else to_fixed_point(grid, values, choice.bits, outside, pivot)
    )
    return DeployedNetwork(choice, **vars(short))


Network = ReluInterpolation | DeployedNetwork
"""The sum of Task 7, or a network with a chosen behaviour outside its interval or short numbers."""


def realize(
    grid: Float64[Array, "n"],
    values: Float64[Array, "n"],
    options: DeploymentOptions | None,
    relative: bool = False,
    tolerance: float | None = None,
) -> Network:
    """Make the network of the polyline.

    With these options, or as the sum of Task 7 (docs/exercise-sheet.md).

    For a relative error the sum begins where |f| is smallest, and replaces that of Task 7 where
    that, evaluated in floats, would lose small values in the rounding of large terms. Raises as
    `interpolate` and `embed` do.
    """
    room = rounding_room(values, relative, tolerance)
    if options is None:
        sheet = interpolate(grid, values, room=room)
        if not relative or _keeps_small_values(sheet):
            return sheet
        options = DeploymentOptions("linear")
    pivot = int(np.argmin(np.abs(values))) if relative else 0
    return embed(grid, values, options, room, pivot)


def constant_network(
    grid: Float64[Array, "n"], values: Float64[Array, "n"], options: DeploymentOptions | None
) -> DeployedNetwork:
    """Make the network of a single point: the bias is its value, and λ is 0.

    Raises `OutOfDomain` for fixed point, whose steps come from slopes.
    """
    options = replace(options or DeploymentOptions(), extrapolation="clamp")
    if options.bits is not None:
        raise OutOfDomain("one point is a constant: there is nothing to quantize", ("quantize",))
    if options.precision == "float32":
        grid, values = (
            np.array([float32_of(exactly(u)) for u in column.tolist()]) for column in (grid, values)
        )
    network = ReluSum(grid, np.ones(1), np.zeros(1), float(values[0]))
    return DeployedNetwork(options, network, grid, values, 0.0, None, None)


def _keeps_small_values(sheet: ReluInterpolation) -> bool:
    rounding = 0.5 * float(np.finfo(float).eps) * len(sheet.grid)
    terms = sheet.relu_sum.magnitudes(sheet.grid)
    return bool((rounding * terms <= RELATIVE_EVALUATION * np.abs(sheet.values)).all())
