"""A polyline as bias + Σ λ_j ReLU(±(x - b_j)), with a chosen behaviour outside its interval."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import UnknownName
from core.neural_network import Layer, NeuralNetwork
from core.nn.activations import IDENTITY, RELU

OUTSIDE = ("clamp", "linear")


@dataclass(frozen=True, eq=False)
class ReluSum:
    """One hidden layer: unit j sees directions_j (x - knots_j), and counts lambdas_j times."""

    knots: Float64[Array, "units"]
    directions: Float64[Array, "units"]
    """1, or -1 for a unit that is active on the left of its knot."""
    lambdas: Float64[Array, "units"]
    bias: float

    def __call__(self, x: Float64[Array, "points"]) -> Float64[Array, "points"]:
        """Return the sum, term by term as the network computes it."""
        s = self.directions * (x[:, np.newaxis] - self.knots)
        return np.asarray(np.maximum(s, 0.0) @ self.lambdas + self.bias)

    def as_network(self) -> NeuralNetwork:
        """Return the network of one hidden ReLU layer and one linear output."""
        hidden = Layer(self.directions[:, np.newaxis], -self.directions * self.knots, RELU)
        output = Layer(self.lambdas[np.newaxis, :], np.array([self.bias]), IDENTITY)
        return NeuralNetwork((hidden, output))

    def pre_activation_bounds(
        self, interval: tuple[float, float]
    ) -> tuple[Float64[Array, "units"], Float64[Array, "units"]]:
        """Return the smallest and the largest pre-activation of every unit on the interval.

        They are exact where a float is, otherwise the next float outwards.
        """
        ends = [self.directions * (end - self.knots) for end in interval]
        low, high = np.minimum(*ends), np.maximum(*ends)
        errors = [self.directions * _lost(end, self.knots) for end in interval]
        swapped = self.directions < 0.0
        lost_low = np.where(swapped, errors[1], errors[0])
        lost_high = np.where(swapped, errors[0], errors[1])
        return (
            np.where(lost_low < 0.0, np.nextafter(low, -np.inf), low),
            np.where(lost_high > 0.0, np.nextafter(high, np.inf), high),
        )


def relu_sum(
    grid: Float64[Array, "n"], values: Float64[Array, "n"], outside: str = "clamp"
) -> ReluSum:
    """Write the polyline through the points as n ReLUs.

    `outside` [x_1, x_n] it stays at its last value (`clamp`) or goes on with its last slope
    (`linear`). No term is f(a)/h large, as λ_1 of the sheet's sum is. Raises `UnknownName`.
    """
    if outside not in OUTSIDE:
        raise UnknownName(f"there is no {outside!r} outside; there are {', '.join(OUTSIDE)}")
    slopes = np.diff(values) / np.diff(grid)
    lambdas = np.diff(slopes, prepend=0.0)
    last = -slopes[-1] if outside == "clamp" else -slopes[0]
    return joined(grid, np.append(lambdas, last), float(values[0]), outside)


def joined(
    grid: Float64[Array, "n"], lambdas: Float64[Array, "n"], bias: float, outside: str
) -> ReluSum:
    """Return the sum whose last unit ends the last slope, or goes on with the first one."""
    directions = np.ones(len(grid))
    if outside == "clamp":
        return ReluSum(grid, directions, lambdas, bias)
    # It looks left from x_1.
    directions[-1] = -1.0
    return ReluSum(np.append(grid[:-1], grid[0]), directions, lambdas, bias)


def _lost(end: float, knots: Array) -> Array:
    """Return what the rounding of end - knots loses (Knuth's TwoSum)."""
    difference = end - knots
    of_knots = end - difference
    of_end = difference + of_knots
    return np.asarray((end - of_end) + (of_knots - knots))
