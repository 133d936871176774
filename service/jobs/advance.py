"""What a worker does: train on from a checkpoint for a while. Equal arguments, equal numbers."""

from pathlib import Path
from time import perf_counter

import numpy as np

from core.arrays import Array
from core.checkpoint import Checkpoint
from core.errors import Diverged
from core.training import History, Training
from service.jobs.job import Failure
from service.jobs.specification_text import from_text
from service.jobs.step import Chunk, Step

# The clock is read about this often in a step.
_LOOKS = 16

# The training of the last call, to go on with it where a call asks for just that: building it anew
# from the same checkpoint gives the same numbers, but for a large data set not in no time.
_under_way: list[tuple[str, Path | Array, bytes, Training]] = []


def advance(specification: str, data: Path | Array, checkpoint: bytes, seconds: float) -> Step:
    """Train from `checkpoint` for about `seconds`, at least one iteration unless all are done.

    `data` is the `.npy` file of the job, or the rows in it. How the iterations are cut into steps
    changes no number. A training that diverges gives a step with that failure, and the history up
    to there.
    """
    training = _resume(specification, data, checkpoint)
    start = training.iteration
    try:
        step = _step(training, start, _run(training, seconds))
    except Diverged as error:
        made = training.iteration - start
        return _last_step(_start(specification, data, checkpoint), made, str(error))
    if not step.finished:
        _under_way.append((specification, data, step.checkpoint, training))
    return step


def _resume(specification: str, data: Path | Array, checkpoint: bytes) -> Training:
    while _under_way:
        asked, of, left_at, training = _under_way.pop()
        same_data = of is data or (isinstance(of, Path) and of == data)
        if (asked, left_at) == (specification, checkpoint) and same_data:
            return training
    return _start(specification, data, checkpoint)


def _start(specification: str, data: Path | Array, checkpoint: bytes) -> Training:
    read = from_text(specification)
    rows = np.load(data, mmap_mode="r") if isinstance(data, Path) else data
    x, y = np.split(rows, [read.sizes[0]], axis=1)
    return Training(read, x, y, Checkpoint.from_bytes(checkpoint))


def _run(training: Training, seconds: float) -> list[History]:
    begin = now = perf_counter()
    histories: list[History] = []
    count = 1
    while not training.finished and (not histories or now - begin < seconds):
        histories.append(training.run(count))
        before, now = now, perf_counter()
        pace = count / max(now - before, 1e-9)
        count = max(1, min(2 * count, int(pace * seconds / _LOOKS)))
    return histories


def _step(training: Training, start: int, histories: list[History]) -> Step:
    """Measure and pack the present state; raises `Diverged` where its loss is not finite."""
    loss, accuracy = training.progress()
    chunks = _chunks(start, histories)
    # Validation is looked at once in an epoch; what it said last still stands.
    seen = {chunk.name: chunk.values[~np.isnan(chunk.values)] for chunk in chunks[1:]}
    last = {name: float(values[-1]) for name, values in seen.items() if len(values)}
    return Step(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=loss,
        metrics={"accuracy": accuracy, **last},
        history=chunks,
        finished=training.finished,
    )


def _last_step(training: Training, iterations: int, reason: str) -> Step:
    """Repeat what a diverging step could still do, for its history."""
    start = training.iteration
    try:
        histories = [training.run(iterations)]
    except Diverged:  # it was the validation loss at the very end
        histories = []
    return Step(
        checkpoint=training.to_bytes(),
        iteration=training.iteration,
        loss=None,
        history=_chunks(start, histories),
        failure=Failure("diverged", reason),
    )


def _chunks(start: int, histories: list[History]) -> tuple[Chunk, ...]:
    names = histories[0] if histories else {}
    return tuple(
        Chunk(name, start, np.concatenate([history[name] for history in histories]))
        for name in names
    )
