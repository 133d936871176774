"""GET /train/{id}/history: loss and metrics by iteration, thinned without hiding a peak."""

from dataclasses import dataclass

import numpy as np

from service.jobs.job import Job
from service.jobs.store import Store
from service.wire.numbers import Curve, Vector


@dataclass(frozen=True)
class HistoryAnswer:
    """Columns of equal length.

    `loss` is the loss after so many iterations: with batches that of the next batch, and the last
    one that of all training samples. The validation columns are null without validation samples;
    in them null says not measured.
    """

    iteration: Vector
    loss: Vector
    validation_loss: Curve | None
    validation_accuracy: Curve | None


def history_of(store: Store, job: Job, points: int) -> HistoryAnswer:
    """At most so many points, the extremes among them; raises `JobNotFound`."""
    validates = "validation_loss" in store.curves(job.id)
    loss = store.history(job.id, "loss", stop=job.iteration).values
    if job.loss is not None:
        loss = np.append(loss, job.loss)
    measured = {
        # What iteration k left behind stands at k + 1.
        name: np.append(np.nan, store.history(job.id, name, stop=job.iteration).values)[: len(loss)]
        for name in ("validation_loss", "validation_accuracy")
        if validates
    }
    curves = [loss, *(curve for name, curve in measured.items() if name == "validation_loss")]
    kept = np.unique(np.concatenate([thinned(curve, points // len(curves)) for curve in curves]))
    return HistoryAnswer(
        iteration=kept,
        loss=loss[kept],
        validation_loss=measured["validation_loss"][kept] if validates else None,
        validation_accuracy=measured["validation_accuracy"][kept] if validates else None,
    )


def thinned(curve: np.ndarray, points: int) -> np.ndarray:
    """Indices of at most `points` (4 or more) numbers of the curve: its ends and its extremes.

    Each of equally long stretches gives its smallest and its largest number, so that no peak is
    lost. NaN is neither.
    """
    if len(curve) <= points:
        return np.arange(len(curve))
    kept = [0, len(curve) - 1]
    for stretch in np.array_split(np.arange(1, len(curve) - 1), (points - 2) // 2):
        values = curve[stretch]
        if not np.isnan(values).all():
            kept += [int(stretch[np.nanargmin(values)]), int(stretch[np.nanargmax(values)])]
    return np.unique(kept)
