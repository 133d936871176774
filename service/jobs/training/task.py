"""What a worker does: train on from a checkpoint for a while. Equal arguments, equal numbers."""

from core.training.checkpoint import Checkpoint
from core.training.trainer import Training
from service.jobs.step_result import Step
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import samples_of
from service.jobs.training.timed_run import descend
from service.jobs.training.worker_cache import Data, keep, take


def advance(specification: str, data: Data, checkpoint: bytes, seconds: float) -> Step:
    """Train from `checkpoint` for about `seconds`, at least one iteration unless all are done.

    How the iterations are cut into steps changes no number. A training that diverges gives a step
    with that failure, and the history up to there.
    """

    def begin() -> Training:
        read = from_text(specification)
        return Training(read, *samples_of(data, read), Checkpoint.from_bytes(checkpoint))

    training = take((specification, checkpoint), data) or begin()
    step = descend(training, begin, seconds)
    if not step.finished and step.failure is None:
        keep((specification, step.checkpoint), data, training)
    return step
