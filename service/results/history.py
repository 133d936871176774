"""The loss history of a job, thinned to a number of points."""

import numpy as np

from service.jobs.job import Job
from service.jobs.restarts.round import curve_name
from service.jobs.storage.store import Store
from service.results.best_restart import best_of
from service.schemas.training.history import HistoryResponse


def history_of(store: Store, job: Job, points: int) -> HistoryResponse:
    """At most so many points, the extremes among them; raises `JobNotFound`.

    Of a job with restarts, those of the best.
    """
    best = best_of(store, job.id)
    of = job if best is None else best.restart

    def curve(name: str) -> np.ndarray:
        name = name if best is None else curve_name(best.number, name)
        return store.history(job.id, name, stop=of.iteration).values

    loss = curve("loss") if of.loss is None else np.append(curve("loss"), of.loss)
    validation_loss, validation_accuracy = (
        # What iteration k left behind stands at k + 1.
        np.append(np.nan, values)[: len(loss)] if len(values) else None
        for values in (curve("validation_loss"), curve("validation_accuracy"))
    )
    curves = [loss] if validation_loss is None else [loss, validation_loss]
    kept = np.unique(np.concatenate([thinned(one, points // len(curves)) for one in curves]))
    return HistoryResponse(
        iteration=kept,
        loss=loss[kept],
        validation_loss=None if validation_loss is None else validation_loss[kept],
        validation_accuracy=None if validation_accuracy is None else validation_accuracy[kept],
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
