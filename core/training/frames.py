"""Parameters of a small network along its training, often enough for a film."""

from typing import NamedTuple

from jaxtyping import Float

from core.arrays import Array
from core.nn.parameters import parameter_count
from core.training.config import TrainingConfig

MAX_FRAMES = 240
MAX_FRAME_PARAMETERS = 4_096
"""Of a larger network no frames are recorded: all of them together stay below 8 MB."""


class Frame(NamedTuple):
    """The parameters after `number` times `frame_interval` iterations."""

    number: int
    parameters: Float[Array, " p"]


def frame_interval(config: TrainingConfig) -> int | None:
    """The iterations between two frames; None where the network is too large for frames."""
    if parameter_count(config.sizes) > MAX_FRAME_PARAMETERS:
        return None
    return -(-config.iterations // MAX_FRAMES)
