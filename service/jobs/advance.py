"""What a worker does: train on from a checkpoint for a while. Equal arguments, equal numbers."""

from core.checkpoint import Checkpoint
from core.training import Training
from service.jobs.descend import descend
from service.jobs.kept import Data, keep, take
from service.jobs.samples_of import samples_of
from service.jobs.specification_text import from_text
from service.jobs.step import Step


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
