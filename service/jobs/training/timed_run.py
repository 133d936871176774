"""Run a trainer for a time slice and pack its state."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from time import perf_counter
from typing import Any, Protocol, TypeVar

import numpy as np

from core.arrays import Array
from core.errors import Diverged
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.diagnosis import FinishedTraining, diagnose
from core.training.evaluation import Metrics
from core.training.trainer import History, Trainer
from service.jobs.job import Failure
from service.jobs.step_result import HistoryChunk, StepResult

# The clock is read about this often in a step.
CLOCK_CHECKS_PER_STEP = 16

FRAMES = "frames"
"""The curve in the history with the parameters of the frames, p numbers each."""

Made = TypeVar("Made", covariant=True)


class Iterative(Protocol[Made]):
    """A training that makes iterations on request."""

    @property
    def finished(self) -> bool:
        """Whether no iteration is left."""

    def run(self, iterations: int) -> Made:
        """Make up to `iterations` iterations."""


def run_trainer(training: Trainer, rebuild: Callable[[], Trainer], seconds: float) -> StepResult:
    """Iterate for about `seconds`, at least once unless all is done.

    `rebuild` makes the training as it was before the slice. One that diverges gives a step with
    that failure, and the history up to there.
    """
    start = training.iteration
    try:
        return _step(training, start, run_for(training, seconds))
    except Diverged as error:
        return _last_step(rebuild(), training.iteration - start, str(error))


def with_warnings(step: StepResult, config: TrainingConfig, x: Array, y: Array) -> StepResult:
    """The last step of a training with what `diagnose` finds; any other step as it is."""
    if not step.finished or step.loss is None:
        return step
    found = diagnose(
        FinishedTraining(
            config,
            x,
            y,
            Checkpoint.from_bytes(step.checkpoint),
            step.loss,
            step.metrics.get("accuracy"),
        )
    )
    return replace(
        step, metrics={**step.metrics, "warnings": [asdict(warning) for warning in found]}
    )


def run_for(training: Iterative[Made], seconds: float) -> list[Made]:
    """Iterate for about `seconds`, at least once unless all is done; what each run gave."""
    begin = now = perf_counter()
    made: list[Made] = []
    count = 1
    while not training.finished and (not made or now - begin < seconds):
        made.append(training.run(count))
        before, now = now, perf_counter()
        pace = count / max(now - before, 1e-9)
        count = max(1, min(2 * count, int(pace * seconds / CLOCK_CHECKS_PER_STEP)))
    return made


def _step(training: Trainer, start: int, histories: list[History]) -> StepResult:
    """Measure and pack the present state; raises `Diverged` where its loss is not finite."""
    chunks = _chunks(start, histories)
    network, last = training.report(), training.last()
    return StepResult(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=network.loss,
        metrics=_metrics(network, training)
        | {
            "best_iteration": training.best_iteration,
            "stopped_early": training.stopped_early,
            "last": {"loss": last.loss, "accuracy": last.accuracy, **_last_validation(chunks)},
        },
        history=(*chunks, *_frames(training)),
        finished=training.finished,
        holds_best=training.is_watched,
    )


def _metrics(network: Metrics, training: Trainer) -> dict[str, Any]:
    """Measures of the network that the training gives."""
    watched = training.watched()
    validation = (
        {"validation_loss": watched.loss, "validation_accuracy": watched.accuracy}
        if watched
        else {}
    )
    return {"accuracy": network.accuracy, **validation}


def _last_validation(chunks: Sequence[HistoryChunk]) -> dict[str, float]:
    """The last value of each validation curve: measured once in an epoch."""
    seen = {chunk.name: chunk.values[~np.isnan(chunk.values)] for chunk in chunks[1:]}
    return {name: float(values[-1]) for name, values in seen.items() if len(values)}


def _last_step(training: Trainer, iterations: int, reason: str) -> StepResult:
    """Repeat what a diverging step could still do, for its history."""
    start = training.iteration
    try:
        histories = [training.run(iterations)]
    except Diverged:  # the validation loss after the last iteration was not finite
        histories = []
    best = training.report_of_best()
    return StepResult(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=None if best is None else best.loss,
        metrics={}
        if best is None
        else _metrics(best, training) | {"best_iteration": training.best_iteration},
        history=(*_chunks(start, histories), *_frames(training)),
        failure=Failure("diverged", reason),
        holds_best=training.is_watched,
    )


def _frames(training: Trainer) -> tuple[HistoryChunk, ...]:
    """The parameters of the frames one after the other, as a curve."""
    frames = training.take_frames()
    if not frames:
        return ()
    first, parameters = frames[0].number, np.concatenate([frame.parameters for frame in frames])
    return (HistoryChunk(FRAMES, first * len(frames[0].parameters), parameters),)


def _chunks(start: int, histories: list[History]) -> tuple[HistoryChunk, ...]:
    names = histories[0] if histories else {}
    return tuple(
        HistoryChunk(name, start, np.concatenate([history[name] for history in histories]))
        for name in names
    )
