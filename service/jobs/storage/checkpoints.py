"""What a training leaves behind on its way: checkpoints, and a history that only grows."""

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
    """Append the step's history and write its checkpoint; older ones go, but for best and some."""
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
    # A write repeated after its confirmation got lost must find its place free.
    later = and_(
        history.c.job_id == job_id, history.c.name == chunk.name, history.c.start >= chunk.start
    )
    connection.execute(delete(history).where(later))
    content = chunk.values.astype(_STORED, copy=False).tobytes()
    connection.execute(insert(history).values(**place, content=content))


def best_iteration(connection: Connection, job_id: str) -> int:
    """Give the iteration of the checkpoint with the least loss, the later one of two equals."""
    order = (checkpoints.c.loss.asc().nulls_last(), checkpoints.c.iteration.desc())
    return connection.execute(_iterations(job_id).order_by(*order).limit(1)).scalar_one()


def newest_iteration(connection: Connection, job_id: str) -> int:
    """Give the iteration of the last checkpoint."""
    newest = _iterations(job_id).order_by(checkpoints.c.iteration.desc()).limit(1)
    return connection.execute(newest).scalar_one()


def retained_iterations(connection: Connection, job_id: str) -> set[int]:
    """Give the iterations whose checkpoints are kept to look back at.

    They are the first that was written in each of `RETAINED_CHECKPOINTS` equal parts of the
    training: a step back in time is never far from one of them. Of a large network only the first
    of all is kept.
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
    """Give the iteration of the last checkpoint kept that is not after `iteration`."""
    before = _iterations(job_id).where(checkpoints.c.iteration <= iteration)
    newest_first = before.order_by(checkpoints.c.iteration.desc()).limit(1)
    return connection.execute(newest_first).scalar_one_or_none()


def prune(connection: Connection, job_id: str, iterations: set[int]) -> None:
    """Delete the job's checkpoints at all other iterations."""
    others = and_(checkpoints.c.job_id == job_id, checkpoints.c.iteration.not_in(iterations))
    connection.execute(delete(checkpoints).where(others))


def read_checkpoint(connection: Connection, job_id: str, iteration: int) -> bytes:
    """Give the checkpoint as it was written."""
    content = select(checkpoints.c.content).where(_at(job_id, iteration))
    return bytes(connection.execute(content).scalar_one())


def read_history(
    connection: Connection, job_id: str, name: str, start: int = 0, stop: int | None = None
) -> HistoryChunk:
    """Give one curve from iteration `start` up to, not including, `stop`, as far as it is known."""
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
