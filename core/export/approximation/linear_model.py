"""y = NN(x) on an interval as a mixed-integer linear model, independent of the file format."""

from dataclasses import dataclass, field
from typing import Literal

from core.approximation.relu.relu_sum import ReluSum
from core.approximation.result import Approximation

Sense = Literal["<=", ">=", "="]
INFINITY = float("inf")


@dataclass(frozen=True)
class Row:
    """Σ coefficient · variable, compared with a number."""

    name: str
    terms: tuple[tuple[float, str], ...]
    sense: Sense
    right: float


@dataclass(frozen=True)
class LinearModel:
    """Minimize y subject to the rows, the bounds, and what is binary or an SOS of type 2."""

    comment: str
    rows: list[Row]
    bounds: dict[str, tuple[float, float]]
    """Of every variable, in the order in which they are written."""
    binaries: list[str] = field(default_factory=list)
    special_ordered_set: list[str] = field(default_factory=list)
    """At most two of them, and those neighbours, are not 0."""


def big_m(approximation: Approximation) -> LinearModel:
    """Every unit by a binary variable, with the exact bounds of its pre-activation as big M.

    z_j = ReLU(s_j) with s_j = d_j (x - b_j) in [l_j, u_j]: z_j ≥ s_j, z_j ≥ 0,
    z_j ≤ s_j - l_j (1 - a_j), z_j ≤ u_j a_j. (Fischetti and Jo 2018, equations 6 to 9.)
    """
    network, (low, high) = approximation.relu_sum, _ends(approximation)
    rows = [_output_row(network)]
    bounds = {"x": (low, high), "y": (-INFINITY, INFINITY)}
    for number, (direction, knot, lower, upper) in enumerate(unit_bounds(network, low, high), 1):
        z, a = f"z{number}", f"a{number}"
        bounds |= {z: (0.0, INFINITY), a: (0.0, 1.0)}
        offset = -direction * knot
        rows += [
            Row(f"above{number}", ((1.0, z), (-direction, "x")), ">=", offset),
            Row(f"below{number}", ((1.0, z), (-direction, "x"), (-lower, a)), "<=", offset - lower),
            Row(f"off{number}", ((1.0, z), (-upper, a)), "<=", 0.0),
        ]
    units = range(1, len(network.knots) + 1)
    return LinearModel(
        "every ReLU by a binary variable a, big M from the exact bounds of its pre-activation",
        rows,
        bounds,
        binaries=[f"a{number}" for number in units],
    )


def sos2(approximation: Approximation) -> LinearModel:
    """A point of the polyline as a mean of two neighbouring corners (Beale and Tomlin 1970)."""
    grid, values = approximation.grid.tolist(), approximation.values.tolist()
    weights = [f"w{number}" for number in range(1, len(grid) + 1)]
    rows = [
        Row("one", tuple((1.0, w) for w in weights), "=", 1.0),
        Row("at", (*zip(grid, weights, strict=True), (-1.0, "x")), "=", 0.0),
        Row("height", (*zip(values, weights, strict=True), (-1.0, "y")), "=", 0.0),
    ]
    bounds = {"x": _ends(approximation), "y": (-INFINITY, INFINITY)}
    bounds |= dict.fromkeys(weights, (0.0, 1.0))
    return LinearModel(
        "a mean of two neighbouring corners, by an SOS of type 2",
        rows,
        bounds,
        special_ordered_set=weights,
    )


def unit_bounds(
    network: ReluSum, low: float, high: float
) -> list[tuple[float, float, float, float]]:
    """Direction, knot, and the bounds l ≤ 0 ≤ u of every unit on [low, high]."""
    lower, upper = network.pre_activation_bounds((low, high))
    return [
        (direction, knot, min(least, 0.0), max(most, 0.0))
        for direction, knot, least, most in zip(
            network.directions.tolist(),
            network.knots.tolist(),
            lower.tolist(),
            upper.tolist(),
            strict=True,
        )
    ]


def _ends(approximation: Approximation) -> tuple[float, float]:
    return float(approximation.grid[0]), float(approximation.grid[-1])


def _output_row(network: ReluSum) -> Row:
    terms = tuple(
        (-weight, f"z{number}") for number, weight in enumerate(network.lambdas.tolist(), start=1)
    )
    return Row("output", ((1.0, "y"), *terms), "=", float(network.bias))
