"""One layer of ReLUs as the sum bias + Σ λ_j ReLU(±(x - b_j))."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.neural_network import Layer, NeuralNetwork
from core.nn.activations import IDENTITY, RELU

OUTSIDE = ("clamp", "linear")

SPARE_ROUNDINGS = 8
"""Of s_j, λ_j s_j and the bias, and room for the rounding of the bound itself."""


@dataclass(frozen=True, eq=False)
class ReluSum:
    """One hidden layer: unit j is ReLU(directions_j (x - knots_j)), with the weight lambdas_j."""

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
        hidden = Layer(self.directions[:, np.newaxis], 0.0 - self.directions * self.knots, RELU)
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
            np.where(lost_low < 0.0, np.nextafter(low, -np.inf), low) + 0.0,  # no -0.0
            np.where(lost_high > 0.0, np.nextafter(high, np.inf), high) + 0.0,
        )

    def evaluation_error(self, interval: tuple[float, float]) -> float:
        """Bound |computed - exact| on the interval for the network evaluated in float64.

        With m units every s_j is rounded once and their weighted sum at most m + 2 times, in
        whatever order (N. J. Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
        The bound grows with |bias| + Σ |λ_j| ReLU_j(x), convex and so largest at an end.
        """
        rounding = 0.5 * float(np.finfo(float).eps) * (len(self.knots) + SPARE_ROUNDINGS)
        terms = max(self.magnitudes(np.array(interval)).tolist())
        return rounding / (1.0 - rounding) * terms

    def magnitudes(self, x: Float64[Array, "points"]) -> Float64[Array, "points"]:
        """Return |bias| + Σ |λ_j| ReLU(directions_j (x - b_j)), in O(n log n)."""
        total = np.full(len(x), abs(self.bias))
        for sign in (1.0, -1.0):
            chosen = self.directions == sign
            order = np.argsort(sign * self.knots[chosen], kind="stable")
            knots = (sign * self.knots[chosen])[order]
            slopes = np.cumsum(np.abs(self.lambdas[chosen])[order])
            heights = np.append(0.0, np.cumsum(slopes[:-1] * np.diff(knots)))
            j = np.searchsorted(knots, sign * x, side="right") - 1
            active = j >= 0
            total[active] += heights[j[active]] + slopes[j[active]] * (
                sign * x[active] - knots[j[active]]
            )
        return total


def _lost(end: float, knots: Array) -> Array:
    """Return what the rounding of end - knots loses (Knuth's TwoSum)."""
    difference = end - knots
    of_knots = end - difference
    of_end = difference + of_knots
    return np.asarray((end - of_end) + (of_knots - knots))
