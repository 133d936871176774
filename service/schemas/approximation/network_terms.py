"""The terms of the network, the bounds of its units, and its rounding."""

from dataclasses import dataclass

import numpy as np

from core.approximation.relu.deployment import DeployedNetwork
from core.approximation.relu.relu_sum import ReluSum
from service.schemas.arrays import Vector


@dataclass(frozen=True)
class BoundsResponse:
    """Over [a, b] the pre-activation of hidden unit j is from `lower_j` to `upper_j`, exactly.

    Where no float is exact it is the next one outwards.
    """

    lower: Vector
    upper: Vector

    @staticmethod
    def of(network: ReluSum, interval: tuple[float, float]) -> "BoundsResponse":
        """Bound every unit."""
        return BoundsResponse(*network.pre_activation_bounds(interval))


@dataclass(frozen=True)
class RoundingResponse:
    """Short numbers move NN by at most `error` on [a, b]; `error_bound` has that in it.

    In fixed point knots are multiples of `knot_step`, λ and bias of `lambda_step`; null for floats.
    """

    error: float
    knot_step: float | None
    lambda_step: float | None

    @staticmethod
    def of(embedding: DeployedNetwork | None) -> "RoundingResponse | None":
        """Pack the rounding, if there was any."""
        if embedding is None or not embedding.choice.is_reduced_precision:
            return None
        return RoundingResponse(embedding.error, embedding.knot_step, embedding.lambda_step)


def directions(network: ReluSum) -> np.ndarray | None:
    """The sign of x in every unit; null where all are 1."""
    return None if (network.directions > 0.0).all() else network.directions
