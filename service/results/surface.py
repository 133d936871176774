"""The outputs of a trained network with two inputs on a grid over its data."""

from dataclasses import dataclass

import numpy as np

from core.cost import forward_operations
from core.errors import ShapeMismatch
from core.neural_network import NeuralNetwork
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.limits import Limits

MARGIN = 0.06
"""The grid reaches beyond the data by this share of their extent."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Outputs at the crossings of the lines x₁ = `x1` and x₂ = `x2`."""

    x1: np.ndarray
    x2: np.ndarray
    z: np.ndarray
    """(outputs, x2, x1)."""


def surface_of(
    store: Store, job: Job, network: NeuralNetwork, points: int, limits: Limits
) -> Surface:
    """`points` × `points` outputs; raises `ShapeMismatch` unless the network has two inputs."""
    if network.sizes[0] != 2:
        raise ShapeMismatch(
            f"a surface needs 2 inputs, but the network has {network.sizes[0]}", ("query", "show")
        )
    limits.numbers(points * points * network.sizes[-1])
    limits.operations(forward_operations(network.sizes, points * points))
    data = np.asarray(store.data(job.id)[:, :2], np.float64)
    x1, x2 = (np.linspace(*_extent(column), points) for column in data.T)
    across, up = np.meshgrid(x1, x2)
    rows = np.column_stack([across.ravel(), up.ravel()])
    output = network.forward(rows).output.astype(np.float64)
    return Surface(x1, x2, output.T.reshape(-1, points, points))


def _extent(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or max(1.0, 0.1 * abs(high))
    return low - margin, high + margin
