"""What a network says on a lattice of points that covers a piece of the plane."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.neural_network import NeuralNetwork
from core.nn.inplace_activations import ACTIVATION_OPERATIONS
from core.plots.extent import LARGEST

MAX_POINTS, FEWEST_POINTS = 90_000, 3_000
MULTIPLICATIONS = 5e8
"""Multiplications of a picture, about; a wide network gets a coarser lattice."""

ROWS_AT_ONCE = 2_000
"""A forward pass keeps every layer's s and x; a few rows at a time keep that small."""


@dataclass(frozen=True, eq=False)
class PredictionGrid:
    """What the last layer says at the crossings of lines at `across` and `up`.

    `score` orders points and classes as `output` does and is smooth where that saturates: s of a
    sigmoid or softmax (`saturates`), and the output itself of any other layer.
    """

    x_values: Float[Array, "columns"]
    y_values: Float[Array, "rows"]
    output: Float[Array, "rows columns d_out"]
    score: Float[Array, "rows columns d_out"]
    saturates: bool


def last_layer(
    network: NeuralNetwork, x: Float[Array, "samples d_in"]
) -> tuple[Float[Array, "samples d_out"], Float[Array, "samples d_out"]]:
    """Compute s and ŷ for many samples in little memory, cut off at ±1e100, where drawing ends."""
    s, output = [], []
    for start in range(0, len(x), ROWS_AT_ONCE):
        trace = network.forward(x[start : start + ROWS_AT_ONCE])
        s.append(trace.s[-1])
        output.append(trace.output)
    return _joined(s), _joined(output)


def lattice(
    network: NeuralNetwork, across: tuple[float, float], up: tuple[float, float], aspect: float
) -> PredictionGrid:
    """Cover across × up with about `aspect` times as many columns as rows."""
    cost = sum(layer.weights.size + ACTIVATION_OPERATIONS * layer.d_out for layer in network.layers)
    points = min(max(MULTIPLICATIONS / cost, FEWEST_POINTS), MAX_POINTS)
    rows = round((points / aspect) ** 0.5)
    columns = round(aspect * rows)
    u, v = np.linspace(*across, columns), np.linspace(*up, rows)
    first, second = np.meshgrid(u, v)
    s, output = last_layer(network, np.column_stack([first.ravel(), second.ravel()]))
    saturates = network.layers[-1].activation.name in ("sigmoid", "softmax")
    score = s if saturates else output
    shape = (rows, columns, -1)
    return PredictionGrid(u, v, output.reshape(shape), score.reshape(shape), saturates)


def _joined(parts: list[Array]) -> Array:
    return np.clip(np.concatenate(parts).astype(np.float64), -LARGEST, LARGEST)
