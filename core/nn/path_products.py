"""The gradient of one parameter as a sum over paths: the chain rule, one product for each path."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import fsum, prod
from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import OutOfDomain
from core.nn.backprop import Backpropagation
from core.nn.layer import Layer
from core.nn.losses import Loss

MAX_PATHS = 10_000
"""More are not enumerated: those through one unit of the next layer become one product."""

Start = Literal["x", "s"]


@dataclass(frozen=True)
class Parameter:
    """w_(to, from)^(l), or b_to^(l) where `below` is None; layer and units count from 0."""

    layer: int
    unit: int
    below: int | None

    def require_in(self, layers: Sequence[Layer]) -> None:
        """Raise `OutOfDomain` where the network has no such parameter."""
        _require_index(self.layer, len(layers), "layers", "layer")
        outputs, inputs = layers[self.layer].weights.shape
        _require_index(self.unit, outputs, f"units in layer {self.layer + 1}", "to")
        if self.below is not None:
            _require_index(self.below, inputs, f"units below layer {self.layer + 1}", "from")


@dataclass(frozen=True)
class Path:
    """Units from that of the parameter upwards, and the factors from E down to the parameter."""

    units: tuple[int, ...]
    factors: tuple[float, ...]

    @property
    def product(self) -> float:
        """What this path adds to the gradient."""
        return prod(self.factors)


@dataclass(frozen=True)
class PathSum:
    """Every path from one parameter to E.

    `start` is x where the factors begin with ∂E/∂x^(L), σ′(s^(L)), and s where they begin with
    ∂E/∂s, because σ couples the units of the last layer, because the loss has no finite derivative
    by its output, or because the paths are grouped. `count` counts the paths, grouped or not.
    """

    paths: tuple[Path, ...]
    count: int
    start: Start
    grouped: bool

    @property
    def total(self) -> float:
        """The gradient of the parameter."""
        return fsum(path.product for path in self.paths)

    def largest(self, at_most: int) -> tuple[tuple[Path, ...], float]:
        """The paths that add most in absolute value, in their order; and the sum of the others."""
        ranked = sorted(self.paths, key=lambda path: -abs(path.product))
        kept = set(ranked[:at_most])
        rest = fsum(path.product for path in ranked[at_most:])
        return tuple(path for path in self.paths if path in kept), rest


def path_sum(
    layers: Sequence[Layer],
    result: Backpropagation,
    y: Float[Array, "one d_out"],
    loss: Loss,
    parameter: Parameter,
) -> PathSum:
    """Factor the gradient of a parameter, for one sample; raises `OutOfDomain`.

    ∂E/∂w_ij^(l) = Σ over i = k_l, …, k_L of ∂E/∂x_(k_L)^(L) σ′(s_(k_L)^(L)) w_(k_L, k_(L-1))^(L) …
    σ′(s_i^(l)) x_j^(l-1).
    """
    parameter.require_in(layers)
    trace, here = result.trace, parameter.layer
    slopes = [_slopes(layer, s) for layer, s in zip(layers, trace.s, strict=True)]
    end = 1.0 if parameter.below is None else float(trace.x[here][0, parameter.below])
    above = layers[here + 1 :]
    count = prod(len(layer.biases) for layer in above)
    grouped = count > MAX_PATHS
    start: Start = "s"
    first = result.delta[-1][0]
    if grouped:
        above, first = above[:1], result.delta[here + 1][0]
    elif slopes[-1] is not None:
        with np.errstate(all="ignore"):
            by_output = loss.gradient(trace.output, y)[0]
        if np.isfinite(by_output).all():
            start, first = "x", by_output

    def factors(units: tuple[int, ...]) -> tuple[float, ...]:
        found = [float(first[units[-1]])]
        for step in range(len(units) - 1, -1, -1):
            is_top = step == len(units) - 1
            slope = slopes[here + step]
            if not (is_top and start == "s") and slope is not None:
                found.append(float(slope[units[step]]))
            if step > 0:
                found.append(float(above[step - 1].weights[units[step], units[step - 1]]))
        return (*found, end)

    ways = product((parameter.unit,), *(range(len(layer.biases)) for layer in above))
    return PathSum(tuple(Path(units, factors(units)) for units in ways), count, start, grouped)


def _slopes(layer: Layer, s: Float[Array, "one d"]) -> Float[Array, " d"] | None:
    derivative = layer.activation.derivative
    return None if derivative is None else derivative(s)[0]


def _require_index(index: int, size: int, things: str, name: str) -> None:
    if not 0 <= index < size:
        raise OutOfDomain(f"there are {size} {things}, and no number {index + 1}", ("trace", name))
