"""GET /train/{id}/frames: the parameters of a training along the way."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from core.training.frames import MAX_FRAMES
from service.schemas.arrays import Curve, Matrix, Vector


class FramesQuery(BaseModel):
    """Which frames."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(-1, ge=-1, le=2**53, description="only frames after this iteration")
    at_most: int = Field(
        MAX_FRAMES + 1, ge=1, le=MAX_FRAMES + 1, description="maximum frames, evenly chosen"
    )


@dataclass(frozen=True)
class FramesResponse:
    """Columns of equal length, and a row of `parameters` per frame.

    A row has the layers in their order, of each layer the weights, row by row, and then the biases.
    They take numbers as they are, as the network at `/network` does, also where the training scales
    them (`standardize`). `loss` is that after the iteration, with batches that of the next batch.
    """

    sizes: list[int]
    iteration: Vector
    loss: Curve
    parameters: Matrix
