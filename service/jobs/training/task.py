"""Worker function of a training: one time slice from a checkpoint; deterministic."""

from core.training.checkpoint import Checkpoint
from core.training.trainer import LocalTrainer
from service.jobs.step_result import StepResult
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.jobs.training.timed_run import run_trainer, with_warnings
from service.jobs.training.worker_cache import IN_WORKER, Data


def train_slice(
    specification: str, data: Data, checkpoint: bytes, seconds: float, keeps_frames: bool = True
) -> StepResult:
    """Train from `checkpoint` for about `seconds`, at least one iteration unless all are done.

    How the iterations are cut into steps changes no number. A training that diverges gives a step
    with that failure, and the history up to there.
    """

    def begin() -> LocalTrainer:
        read = from_text(specification)
        state = Checkpoint.from_bytes(checkpoint)
        return LocalTrainer(read, *load_xy(data, read), state, keeps_frames)

    training = IN_WORKER.pop((specification, checkpoint), data) or begin()
    step = run_trainer(training, begin, seconds)
    if step.finished:
        read = from_text(specification)
        step = with_warnings(step, read, *load_xy(data, read))
    if not step.finished and step.failure is None:
        IN_WORKER.put((specification, step.checkpoint), data, training)
    return step
