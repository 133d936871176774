"""Release a lease: finish the job, or put it back in the queue."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from service.jobs.errors import LeaseLost
from service.jobs.failures import workers_lost
from service.jobs.job import Failure, Job, JobState
from service.jobs.leases.lease import Lease, fenced_update, holds_lease
from service.jobs.storage import checkpoints
from service.jobs.storage.schema import events, jobs

LOSSES_ALLOWED = 3
_NO_OWNER: Mapping[str, None] = {"owner": None, "lease_expires_at": None}


def end(
    connection: Connection,
    claim: Lease,
    state: JobState,
    now: float,
    failure: Failure | None = None,
) -> Job:
    """Finish the job; a failed one keeps its best checkpoint, any other its newest.

    Its loss and metrics become those of the checkpoint kept. Raises `LeaseLost`, and
    `InvalidTransition` for a transition that is not allowed.
    """
    error = None if failure is None else asdict(failure)
    choose = (
        checkpoints.best_iteration if state == JobState.FAILED else checkpoints.newest_iteration
    )
    if connection.execute(select(jobs.c.id).where(holds_lease(claim))).one_or_none() is None:
        raise LeaseLost(claim.job.id, claim.job.attempt)  # a deleted job has no checkpoints
    kept = choose(connection, claim.job.id)
    measured = _measured_at(connection, claim.job.id, kept) if state == JobState.FAILED else {}
    job = fenced_update(
        connection, claim, state=state, error=error, finished_at=now, **_NO_OWNER, **measured
    )
    before = {one for one in checkpoints.retained_iterations(connection, job.id) if one < kept}
    checkpoints.prune(connection, job.id, before | {kept})
    return job


def _measured_at(connection: Connection, job_id: str, iteration: int) -> dict[str, Any]:
    """Loss and metrics as they were after that iteration; nothing where the job is there still."""
    now = connection.execute(select(jobs.c.iteration, jobs.c.metrics).where(jobs.c.id == job_id))
    row = now.one_or_none()
    if row is None or row.iteration == iteration:
        return {}
    changes = select(events.c.job).where(events.c.job_id == job_id)
    for event in connection.execute(changes.order_by(events.c.number.desc())).scalars():
        if event["iteration"] == iteration:
            last = {"last": row.metrics["last"]} if "last" in row.metrics else {}
            metrics = {**event["metrics"], "best_iteration": iteration, **last}
            return {"loss": event["loss"], "metrics": metrics}
    return {}


def give_back(connection: Connection, claim: Lease, now: float, lost: str | None = None) -> Job:
    """Put the job back in the queue, or end it if it is being cancelled.

    `lost` is the reason if its worker was lost; after `LOSSES_ALLOWED` losses in a row the job
    fails. Raises `LeaseLost`.
    """
    held = select(jobs.c.state, jobs.c.lost).where(holds_lease(claim)).with_for_update()
    row = connection.execute(held).one_or_none()
    if row is None:
        raise LeaseLost(claim.job.id, claim.job.attempt)
    losses = row.lost + (lost is not None)
    if row.state == JobState.CANCELLING:
        return end(connection, claim, JobState.CANCELLED, now)
    if losses >= LOSSES_ALLOWED:
        return end(connection, claim, JobState.FAILED, now, workers_lost(losses, lost or ""))
    return fenced_update(connection, claim, state=JobState.QUEUED, lost=losses, **_NO_OWNER)
