"""Checkpoints and history of a training; the history is append-only."""

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)

from core.arrays import Array
from service.jobs.step_result import HistoryChunk, StepResult
from service.jobs.storage.schema import checkpoints, history, jobs

_STORED = np.dtype("<f8")
RETAINED_CHECKPOINTS = 16
SMALL_BYTES = 2**20


def write_step(connection: Connection, job_id: str, step: StepResult) -> None:
    """Append the history of a step and write its checkpoint; prune older checkpoints."""
    loss = None if step.holds_best else step.loss
    row = {"job_id": job_id, "iteration": step.iteration, "loss": loss}
    connection.execute(delete(checkpoints).where(_at(job_id, step.iteration)))
    connection.execute(insert(checkpoints).values(**row, content=step.checkpoint))
    latest = {step.iteration, best_iteration(connection, job_id)}
    prune(connection, job_id, latest | retained_iterations(connection, job_id))
    for chunk in step.history:
        if len(chunk.values):
            _append(connection, job_id, chunk)


def _append(connection: Connection, job_id: str, chunk: HistoryChunk) -> None:
    place = {"job_id": job_id, "name": chunk.name, "start": chunk.start, "stop": chunk.stop}
    # A write that is repeated because its confirmation was lost replaces the first one.
    later = and_(
        history.c.job_id == job_id, history.c.name == chunk.name, history.c.start >= chunk.start
    )
    connection.execute(delete(history).where(later))
    content = chunk.values.astype(_STORED, copy=False).tobytes()
    connection.execute(insert(history).values(**place, content=content))


def best_iteration(connection: Connection, job_id: str) -> int:
    """The iteration of the checkpoint with the least loss; of equal ones, the latest."""
    order = (checkpoints.c.loss.asc().nulls_last(), checkpoints.c.iteration.desc())
    return connection.execute(_iterations(job_id).order_by(*order).limit(1)).scalar_one()


def newest_iteration(connection: Connection, job_id: str) -> int:
    """The iteration of the latest checkpoint."""
    newest = _iterations(job_id).order_by(checkpoints.c.iteration.desc()).limit(1)
    return connection.execute(newest).scalar_one()


def retained_iterations(connection: Connection, job_id: str) -> set[int]:
    """The iterations whose checkpoints are retained for replays.

    They are the first one written in each of `RETAINED_CHECKPOINTS` equal parts of the training, so
    that a replay starts near its iteration. Of a large network only the initial one is retained.
    """
    total = select(jobs.c.iterations).where(jobs.c.id == job_id).scalar_subquery()
    stretch = checkpoints.c.iteration * RETAINED_CHECKPOINTS // total
    small = or_(func.length(checkpoints.c.content) <= SMALL_BYTES, checkpoints.c.iteration == 0)
    first = (
        select(func.min(checkpoints.c.iteration))
        .where(checkpoints.c.job_id == job_id, small)
        .group_by(stretch)
    )
    return set(connection.execute(first).scalars())


def nearest_iteration(connection: Connection, job_id: str, iteration: int) -> int | None:
    """The iteration of the latest retained checkpoint that is not after `iteration`."""
    before = _iterations(job_id).where(checkpoints.c.iteration <= iteration)
    newest_first = before.order_by(checkpoints.c.iteration.desc()).limit(1)
    return connection.execute(newest_first).scalar_one_or_none()


def prune(connection: Connection, job_id: str, iterations: set[int]) -> None:
    """Delete the job's checkpoints at all other iterations."""
    others = and_(checkpoints.c.job_id == job_id, checkpoints.c.iteration.not_in(iterations))
    connection.execute(delete(checkpoints).where(others))


def read_checkpoint(connection: Connection, job_id: str, iteration: int) -> bytes:
    """The bytes of a checkpoint."""
    content = select(checkpoints.c.content).where(_at(job_id, iteration))
    return bytes(connection.execute(content).scalar_one())


def read_history(
    connection: Connection, job_id: str, name: str, start: int = 0, stop: int | None = None
) -> HistoryChunk:
    """One curve for the iterations from `start` up to, not including, `stop`."""
    touched = select(history.c.start, history.c.content).where(
        history.c.job_id == job_id, history.c.name == name, history.c.stop > start
    )
    if stop is not None:
        touched = touched.where(history.c.start < stop)
    rows = connection.execute(touched.order_by(history.c.start)).all()
    if not rows:
        return HistoryChunk(name, start, np.empty(0))
    values: Array = np.concatenate([np.frombuffer(row.content, _STORED) for row in rows])
    first = rows[0].start
    begin = max(start - first, 0)
    end = None if stop is None else stop - first
    return HistoryChunk(name, first + begin, values[begin:end])


def _iterations(job_id: str) -> Select[int]:
    return select(checkpoints.c.iteration).where(checkpoints.c.job_id == job_id)


def _at(job_id: str, iteration: int) -> ColumnElement[bool]:
    return and_(checkpoints.c.job_id == job_id, checkpoints.c.iteration == iteration)
