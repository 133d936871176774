"""The network of a job, and any iteration of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.cost import backprop_operations
from core.errors import counted
from core.neural_network import NeuralNetwork
from core.nn.layer import Layer
from core.solutions.document import Document
from core.solutions.iteration_solution import replayed_solution
from core.solutions.rounding import Rounding
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.ensemble.averaging import averaged_network
from core.training.replay import Iteration, replay
from service.errors import StepNotFound
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.limits import Limits
from service.results.best_restart import best_of, members_of
from service.schemas.error_location import set_location

At = Literal["best", "last"]


def trained_network(store: Store, job_id: str, at: At = "best") -> NeuralNetwork:
    """The network of a training so far; of restarts that of the best, of an ensemble the mean.

    `best` is the one with the least watched loss where validation samples or early stopping watch,
    otherwise the same as `last`, which is that of the last iteration. Raises `JobNotFound`.
    """
    best = best_of(store, job_id)
    if best is not None:
        specification, checkpoint = best.specification, best.restart.state(best.specification)
        members = members_of(store, job_id)
        if members:
            return NeuralNetwork(
                averaged_network([_layers(one, specification, at) for one in members])
            )
    else:
        specification = from_text(store.specification(job_id))
        checkpoint = Checkpoint.from_bytes(store.checkpoint(job_id))
    return NeuralNetwork(_layers(checkpoint, specification, at))


def _layers(checkpoint: Checkpoint, specification: TrainingConfig, at: At) -> tuple[Layer, ...]:
    choose = checkpoint.layers if at == "best" else checkpoint.last_layers
    return choose(specification)


def network_after(store: Store, job: Job, iteration: int, limits: Limits) -> NeuralNetwork:
    """The network after that iteration, recomputed; of restarts that of the best.

    Raises `StepNotFound` for an iteration that was not made (yet), and as `replayed`.
    """
    best = best_of(store, job.id)
    made = job.iteration if best is None else best.restart.iteration
    if iteration == made and job.finished:
        return trained_network(store, job.id, "last")
    seen = replayed(store, job, iteration + 1, limits)
    specification = from_text(store.specification(job.id)) if best is None else best.specification
    scaling = specification.scaling
    return NeuralNetwork(scaling.fold(seen.before) if scaling else seen.before)


@dataclass(frozen=True, eq=False)
class ReplaySource:
    """What a training is taken up again from."""

    specification: TrainingConfig
    x: np.ndarray
    y: np.ndarray
    checkpoint: Checkpoint


def replayed(store: Store, job: Job, number: int, limits: Limits) -> Iteration:
    """Iteration `number` of the job, recomputed from the nearest checkpoint before it.

    Of a job with restarts, that of the best.

    Raises `StepNotFound` for an iteration that was not made (yet), `LimitExceeded` where the way
    from the checkpoint is too long.
    """
    of = _nearest_checkpoint(store, job, number, limits)
    return replay(of.specification, of.x, of.y, of.checkpoint, number)


def replayed_on_paper(
    store: Store, job: Job, number: int, limits: Limits, rounding: Rounding
) -> Document:
    """The same worked out as by hand; raises `TooLong` as well."""
    of = _nearest_checkpoint(store, job, number, limits)
    with set_location():  # the network and the data are not in this request
        return replayed_solution(of.specification, of.x, of.y, of.checkpoint, number, rounding)


def _nearest_checkpoint(store: Store, job: Job, number: int, limits: Limits) -> ReplaySource:
    best = best_of(store, job.id)
    made = job.iteration if best is None else best.restart.iteration
    if not 1 <= number <= made:
        raise StepNotFound(
            f"there is no iteration {number}: the job has made {counted(made, 'iteration')} so far"
        )
    if best is None:
        specification = from_text(store.specification(job.id))
        content = store.checkpoint_before(job.id, number - 1)
        if content is None:
            raise StepNotFound(f"no checkpoint before iteration {number} is kept")
        checkpoint = Checkpoint.from_bytes(content)
    else:
        specification, checkpoint = best.specification, best.before(store, job.id, number - 1)
    x, y = load_xy(store.data(job.id), specification)
    batch = specification.batch_size or len(x)
    limits.operations(
        (number - checkpoint.iteration) * backprop_operations(specification.sizes, batch)
    )
    return ReplaySource(specification, x, y, checkpoint)
