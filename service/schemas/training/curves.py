"""The numbers behind the pictures of a training: its history, thinned, and its surface."""

from dataclasses import dataclass

from service.schemas.arrays import Curve, Numbers, Vector


@dataclass(frozen=True)
class HistoryResponse:
    """Columns of equal length.

    `loss` is the loss after the iterations of `iteration`: with batches that of the next batch, and
    the last one that of all training samples. The validation columns are null without validation
    samples; in them null says not measured.
    """

    iteration: Vector
    loss: Vector
    validation_loss: Curve | None
    validation_accuracy: Curve | None


@dataclass(frozen=True)
class SurfaceResponse:
    """Outputs of a network with two inputs: `z[k][j][i]` is output k at (x1[i], x2[j])."""

    x1: Vector
    x2: Vector
    z: Numbers
