"""Lease on a job, and fenced updates: writes of a stale holder are refused."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from service.jobs.errors import InvalidTransition, LeaseLost
from service.jobs.job import CLAIMED, Job, JobState, sources
from service.jobs.storage import job_rows
from service.jobs.storage.schema import jobs


@dataclass(frozen=True, eq=False)
class Lease:
    """A job acquired by `owner`, with what is needed to run it.

    `job.attempt` is the fencing token: it grows with every acquisition (Kleppmann, How to do
    distributed locking, 2016). `seconds` were spent in earlier steps, out of `time_limit_seconds`
    if there is a limit.
    """

    job: Job
    owner: str
    specification: str
    checkpoint: bytes
    seconds: float
    time_limit_seconds: float | None


def held_by(owner: str) -> ColumnElement[bool]:
    """Select the jobs whose lease this owner holds."""
    return and_(jobs.c.owner == owner, jobs.c.state.in_(CLAIMED))


def holds_lease(claim: Lease) -> ColumnElement[bool]:
    """Select the job of a lease that is still valid."""
    token = jobs.c.attempt == claim.job.attempt
    return and_(jobs.c.id == claim.job.id, token, held_by(claim.owner))


def fenced_update(connection: Connection, claim: Lease, **values: Any) -> Job:
    """Update the job of a lease; a new `state` must be an allowed transition.

    Raises `LeaseLost` and `InvalidTransition`.
    """
    target = values.get("state")
    may = holds_lease(claim)
    if target is not None:
        may = and_(may, jobs.c.state.in_(sources(target)))
    job = job_rows.change(connection, may, **values)
    if job is not None:
        return job
    state = connection.scalars(select(jobs.c.state).where(holds_lease(claim))).one_or_none()
    if state is None or target is None:
        raise LeaseLost(claim.job.id, claim.job.attempt)
    raise InvalidTransition(JobState(state), target)
