"""Accept a job whole, or refuse it and keep nothing."""

import zlib
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from service.jobs.description import JobDescription
from service.jobs.errors import IdempotencyMismatch, QueueFull
from service.jobs.job import Job, JobState, new_job_id
from service.jobs.step_result import StepResult
from service.jobs.storage.checkpoints import write_step
from service.jobs.storage.job_rows import JOB_COLUMNS, log, to_job
from service.jobs.storage.schema import data, job_labels, jobs, queue, requests

RETRY_AFTER_SECONDS = 5
COMPRESSION_LEVEL = 1
"""Of a request: numbers in JSON become half as long in a fifth of a second for ten megabytes."""


@dataclass(frozen=True, eq=False)
class Submission:
    """All that a job needs to be driven to its end, even if this process ends right after.

    `data` is an `.npy` file with one row per sample, the columns of x and then those of y.
    `start` is the state before the first iteration. With an `idempotency_key` comes the digest of
    the body it stands for.
    """

    specification: str
    iterations: int
    data: bytes
    start: StepResult
    time_limit_seconds: float | None = None
    idempotency_key: str | None = None
    body_digest: str | None = None
    description: JobDescription | None = None
    """The description shown to the owner, and its labels."""
    request: bytes = b""
    """The body that asked for it; empty: it is not kept."""
    id: str = field(default_factory=new_job_id)
    """The identifier of the job, if it becomes one."""


def accept(
    connection: Connection, submission: Submission, now: float, queue_limit: int, caller: str = ""
) -> Job:
    """Write the caller's job as queued; the same key and digest give the job they gave before.

    Raises `QueueFull` when `queue_limit` jobs are waiting and `IdempotencyMismatch` when the key
    came with another digest.
    """
    # The row lock serializes acceptances from here on, so limit and key are checked exactly.
    take_number = update(queue).values(accepted=queue.c.accepted + 1).returning(queue.c.accepted)
    number = connection.execute(take_number).scalar_one()
    key = _key_of(caller, submission.idempotency_key)
    known = _accepted_before(connection, submission, key)
    if known is not None:
        return known
    _require_room(connection, queue_limit)
    row = {
        "id": submission.id,
        "number": number,
        "caller": caller,
        "state": JobState.QUEUED,
        "iteration": submission.start.iteration,
        "iterations": submission.iterations,
        "loss": submission.start.loss,
        "metrics": dict(submission.start.metrics),
        "attempt": 0,
        "created_at": now,
        "version": 1,
        "specification": submission.specification,
        "time_limit_seconds": submission.time_limit_seconds,
        "seconds": 0.0,
        "lost": 0,
        "idempotency_key": key,
        "body_digest": submission.body_digest,
        "description": _document(submission.description),
    }
    kept = connection.execute(insert(jobs).values(row).returning(*JOB_COLUMNS)).mappings().one()
    connection.execute(insert(data).values(job_id=submission.id, content=submission.data))
    if submission.description is not None:
        write_labels(connection, submission.id, submission.description)
    if submission.request:
        content = zlib.compress(submission.request, COMPRESSION_LEVEL)
        connection.execute(insert(requests).values(job_id=submission.id, content=content))
    write_step(connection, submission.id, submission.start)
    log(connection, kept)
    return to_job(kept)


def _document(description: JobDescription | None) -> dict[str, Any] | None:
    """The description without the table schema, which only predictions need."""
    if description is None:
        return None
    document = description.to_document()
    del document["schema"]
    return document


def write_labels(connection: Connection, job_id: str, description: JobDescription) -> None:
    """Write what the job is found by."""
    for name, value in sorted(description.labels()):
        connection.execute(insert(job_labels).values(job_id=job_id, name=name, value=value))


def _key_of(caller: str, key: str | None) -> str | None:
    """Two callers may choose the same key, and must not get each other's job."""
    return key if key is None or not caller else sha256(f"{caller}\n{key}".encode()).hexdigest()


def _accepted_before(connection: Connection, submission: Submission, key: str | None) -> Job | None:
    if key is None:
        return None
    wanted = select(*JOB_COLUMNS, jobs.c.body_digest).where(jobs.c.idempotency_key == key)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    columns = dict(row)
    if columns.pop("body_digest") != submission.body_digest:
        raise IdempotencyMismatch(submission.idempotency_key or "")
    return to_job(columns)


def _require_room(connection: Connection, queue_limit: int) -> None:
    count = select(func.count()).select_from(jobs).where(jobs.c.state == JobState.QUEUED)
    waiting = connection.execute(count).scalar_one()
    if waiting >= queue_limit:
        raise QueueFull(waiting, RETRY_AFTER_SECONDS)
