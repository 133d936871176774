"""A descent goes on for a while, and its state becomes a step to write down."""

from collections.abc import Callable
from time import perf_counter
from typing import Protocol, TypeVar

import numpy as np

from core.errors import Diverged
from core.training.trainer import History, Trainer
from service.jobs.job import Failure
from service.jobs.step_result import HistoryChunk, StepResult

# The clock is read about this often in a step.
CLOCK_CHECKS_PER_STEP = 16

Made = TypeVar("Made", covariant=True)


class Iterative(Protocol[Made]):
    """What makes iterations when it is asked to."""

    @property
    def finished(self) -> bool:
        """Whether none is left."""

    def run(self, iterations: int) -> Made:
        """Make up to so many."""


def run_trainer(training: Trainer, anew: Callable[[], Trainer], seconds: float) -> StepResult:
    """Iterate for about `seconds`, at least once unless all is done.

    `anew` gives the training as it is now. One that diverges gives a step with that failure, and
    the history up to there.
    """
    start = training.iteration
    try:
        return _step(training, start, run_for(training, seconds))
    except Diverged as error:
        return _last_step(anew(), training.iteration - start, str(error))


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
    loss, accuracy = training.report()
    chunks = _chunks(start, histories)
    # Validation is looked at once in an epoch; what it said last still stands.
    seen = {chunk.name: chunk.values[~np.isnan(chunk.values)] for chunk in chunks[1:]}
    last = {name: float(values[-1]) for name, values in seen.items() if len(values)}
    return StepResult(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=loss,
        metrics={"accuracy": accuracy, **last},
        history=chunks,
        finished=training.finished,
    )


def _last_step(training: Trainer, iterations: int, reason: str) -> StepResult:
    """Repeat what a diverging step could still do, for its history."""
    start = training.iteration
    try:
        histories = [training.run(iterations)]
    except Diverged:  # it was the validation loss at the very end
        histories = []
    return StepResult(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=None,
        history=_chunks(start, histories),
        failure=Failure("diverged", reason),
    )


def _chunks(start: int, histories: list[History]) -> tuple[HistoryChunk, ...]:
    names = histories[0] if histories else {}
    return tuple(
        HistoryChunk(name, start, np.concatenate([history[name] for history in histories]))
        for name in names
    )
