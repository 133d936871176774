"""The frames of a training: its parameters along the way."""

from dataclasses import dataclass

import numpy as np

from core.nn.parameters import flatten, matrices, parameter_count, unflatten
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.frames import MAX_FRAME_PARAMETERS, frame_interval
from service.errors import ResultNotFound
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.jobs.training.config_json import from_text
from service.jobs.training.timed_run import FRAMES
from service.results.best_restart import best_of
from service.results.history import last_loss


@dataclass(frozen=True, eq=False)
class Frames:
    """Iterations, the loss after each of them and the parameters, one row per frame."""

    sizes: tuple[int, ...]
    iteration: np.ndarray
    loss: np.ndarray
    """NaN where it is not finite."""
    parameters: np.ndarray


def frames_of(store: Store, job: Job, after: int, limit: int) -> Frames:
    """At most `limit` frames after iteration `after`, evenly chosen, the last one among them.

    Raises `JobNotFound`, and `ResultNotFound` for restarts and for networks that are too large.
    """
    if best_of(store, job.id) is not None:
        raise ResultNotFound("a job with restarts keeps no frames, only its networks")
    config = from_text(store.specification(job.id))
    interval, length = frame_interval(config), parameter_count(config.sizes)
    if interval is None:
        raise ResultNotFound(
            f"the network has {length} parameters; frames are kept of up to {MAX_FRAME_PARAMETERS}"
        )
    losses = store.history(job.id, "loss", stop=job.iteration).values
    if job.finished:
        losses = np.append(losses, _number(last_loss(job.metrics, job.loss)))
    first = max(0, after // interval + 1)
    rows = store.history(job.id, FRAMES, start=first * length).values.reshape(-1, length)
    iteration = (first + np.arange(len(rows))) * interval
    # Frames stored after `job` was read belong to the next answer: their losses are not here.
    known = iteration < len(losses)
    iteration, rows = iteration[known], rows[known]
    iteration, rows = _with_last(store, job, iteration, rows, after)
    chosen = np.unique(np.linspace(len(rows) - 1, 0, min(limit, len(rows))).round().astype(int))
    iteration, rows = iteration[chosen], rows[chosen]
    order = _weights_then_biases(config.sizes)
    return Frames(config.sizes, iteration, losses[iteration], _folded(config, rows)[:, order])


def _weights_then_biases(sizes: tuple[int, ...]) -> np.ndarray:
    """The places, in the trainer's vector, of each layer's weights and then its biases."""
    places = matrices(np.arange(parameter_count(sizes)), sizes)
    return np.concatenate(
        [part for layer in places for part in (layer[:, :-1].ravel(), layer[:, -1])]
    )


def _with_last(
    store: Store, job: Job, iteration: np.ndarray, rows: np.ndarray, after: int
) -> tuple[np.ndarray, np.ndarray]:
    """Append the last iteration of a finished job where it is between two frames."""
    checkpoint = Checkpoint.from_bytes(store.checkpoint(job.id))
    last = checkpoint.iteration
    if not job.finished or last <= after or (len(iteration) and iteration[-1] >= last):
        return iteration, rows
    return np.append(iteration, last), np.vstack([rows, checkpoint.parameters[None]])


def _folded(config: TrainingConfig, rows: np.ndarray) -> np.ndarray:
    """The parameters of networks that take numbers as they are."""
    if config.scaling is None or not len(rows):
        return rows
    activations = config.activation_functions
    return np.stack(
        [
            flatten(config.scaling.fold(unflatten(row, config.sizes, activations)), np.float64)
            for row in rows
        ]
    )


def _number(loss: float | None) -> float:
    return np.nan if loss is None else loss
