"""The loss history of a job, thinned to a number of points."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from service.jobs.job import Job
from service.jobs.restarts.round import curve_name
from service.jobs.storage.store import Store
from service.results.best_restart import best_of
from service.schemas.training.curves import HistoryResponse


def history_of(store: Store, job: Job, points: int) -> HistoryResponse:
    """At most `points` points, the extremes among them; raises `JobNotFound`.

    Of a job with restarts, those of the best.
    """
    best = best_of(store, job.id)
    of = job if best is None else best.restart

    def curve(name: str) -> np.ndarray:
        name = name if best is None else curve_name(best.number, name)
        return store.history(job.id, name, stop=of.iteration).values

    # A curve has what each iteration met; the loss after the last one closes it.
    after_last = last_loss(of.metrics, of.loss)
    loss = curve("loss") if after_last is None else np.append(curve("loss"), after_last)
    validation_loss, validation_accuracy = (
        _one_later(values, len(loss)) if len(values) else None
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


def last_loss(metrics: Mapping[str, Any], loss: float | None) -> float | None:
    """The loss after the last iteration, None where it is not finite.

    `loss` is that of the network handed out, the same where nothing was watched.
    """
    last = metrics.get("last")
    return loss if last is None else last.get("loss")


def _one_later(values: np.ndarray, length: int) -> np.ndarray:
    """What was measured after iteration k, counted from 0, belongs to k + 1 iterations."""
    shifted = np.full(length, np.nan)
    shifted[1:] = values[: length - 1]
    return shifted


def thinned(curve: np.ndarray, points: int) -> np.ndarray:
    """Indices of at most `points` (4 or more) numbers of the curve: its ends and its extremes.

    Each of equally long stretches gives its smallest and its largest number, so that no peak is
    lost. NaN is neither.
    """
    if len(curve) <= points:
        return np.arange(len(curve))
    inner = curve[1:-1]
    stretches = (points - 2) // 2
    short, longer = divmod(len(inner), stretches)  # as np.array_split divides
    border = longer * (short + 1)
    kept = [np.array([0, len(curve) - 1])]
    for start, rows in (
        (1, inner[:border].reshape(longer, short + 1)),
        (1 + border, inner[border:].reshape(stretches - longer, short)),
    ):
        known = ~np.isnan(rows).all(axis=1)
        first = start + rows.shape[1] * np.flatnonzero(known)
        for find in (np.nanargmin, np.nanargmax):
            kept.append(first + find(rows[known], axis=1))
    return np.unique(np.concatenate(kept))
