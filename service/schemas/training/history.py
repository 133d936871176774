"""GET /train/{id}/history: loss and metrics by iteration, thinned without hiding a peak."""

from dataclasses import dataclass

from service.schemas.arrays import Curve, Vector


@dataclass(frozen=True)
class HistoryResponse:
    """Columns of equal length.

    `loss` is the loss after so many iterations: with batches that of the next batch, and the last
    one that of all training samples. The validation columns are null without validation samples;
    in them null says not measured.
    """

    iteration: Vector
    loss: Vector
    validation_loss: Curve | None
    validation_accuracy: Curve | None
