"""Worker function of a job with restarts: a batch of units, one after the other."""

from collections.abc import Sequence
from time import perf_counter

from core.training.config import TrainingConfig
from core.training.ensemble.ensemble_trainer import EnsembleTrainer
from service.jobs.job import Failure
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.state import Restart, unpack
from service.jobs.step_result import HistoryChunk, StepResult
from service.jobs.training.dataset import load_xy
from service.jobs.training.task import train_slice
from service.jobs.training.timed_run import run_for, with_warnings
from service.jobs.training.worker_cache import Data


def train_batch(text: str, data: Data, batch: bytes, seconds: float) -> dict[int, StepResult]:
    """Train the units of a batch for about `seconds` in all; returns the steps by seed.

    At least one iteration of one unit is made; units without time left are omitted. `batch` is the
    result of `pack`. The numbers depend neither on the batches nor on the length of the steps.
    """
    plan = RestartPlan.from_text(text)
    end = perf_counter() + seconds
    units = plan.units(unpack(batch))
    steps: dict[int, StepResult] = {}
    for number, unit in enumerate(units):
        left = end - perf_counter()
        if steps and left <= 0:
            break
        # Resuming a training costs an iteration or two, so slices are not too short.
        share = max(left / (len(units) - number), seconds / 2)
        steps |= _advance_unit(plan, data, unit, share)
    return steps


def _advance_unit(
    plan: RestartPlan, data: Data, unit: Sequence[Restart], seconds: float
) -> dict[int, StepResult]:
    specification = plan.specification
    if plan.at_once > 1:
        return _advance_stack(specification, data, unit, seconds)
    states = (one.checkpoint or one.state(specification).to_bytes() for one in unit)
    return {
        one.seed: train_slice(plan.training_of(one), data, state, seconds, keeps_frames=False)
        for one, state in zip(unit, states, strict=True)
    }


def _advance_stack(
    specification: TrainingConfig, data: Data, unit: Sequence[Restart], seconds: float
) -> dict[int, StepResult]:
    start = unit[0].iteration
    states = [one.state(specification) for one in unit]
    x, y = load_xy(data, specification)
    trainer = EnsembleTrainer(specification, x, y, states)
    run_for(trainer, seconds)
    steps = (with_warnings(step, specification, x, y) for step in _steps(trainer, start, len(unit)))
    return {restart.seed: step for restart, step in zip(unit, steps, strict=True)}


def _steps(trainer: EnsembleTrainer, start: int, trainings: int) -> list[StepResult]:
    """The step of each training since iteration `start`."""
    measures = trainer.measure()
    steps = []
    for number in range(trainings):
        losses = trainer.losses(number)
        iteration, history = start + len(losses), (HistoryChunk("loss", start, losses),)
        if number in trainer.diverged:
            failure = Failure("diverged", str(trainer.diverged[number]))
            steps.append(StepResult(b"", iteration, None, history=history, failure=failure))
            continue
        loss, accuracy = measures[number]
        steps.append(
            StepResult(
                checkpoint=trainer.checkpoint(number).to_bytes(),
                iteration=iteration,
                loss=loss,
                metrics={
                    "accuracy": accuracy,
                    "best_iteration": iteration,
                    "stopped_early": False,
                    "last": {"loss": loss, "accuracy": accuracy},
                },
                history=history,
                finished=trainer.finished,
            )
        )
    return steps
