"""The leases of one dispatcher; every call is one transaction."""

from uuid import uuid4

from sqlalchemy import Connection, Select, and_, case, func, or_, select, update

from service.jobs.job import CLAIMED, Failure, Job, JobState
from service.jobs.leases import lease, release
from service.jobs.leases.lease import Lease
from service.jobs.step_result import StepResult
from service.jobs.storage import checkpoints, job_rows
from service.jobs.storage.schema import jobs
from service.jobs.storage.store import Store

CLOCKS_DIFFER_SECONDS = 60.0
"""Tolerated difference between the clocks of hosts that share a database."""


class LeaseStore:
    """The leases of one dispatcher on jobs in `store`; each lasts `lease_seconds`.

    Every call with a lease raises `LeaseLost`, and writes nothing, when another dispatcher has
    acquired the job, or the job has ended or was deleted.
    """

    def __init__(self, store: Store, lease_seconds: float) -> None:
        self._store = store
        self._owner = uuid4().hex
        self._lease_seconds = lease_seconds

    def acquire(self) -> Lease | None:
        """Acquire the oldest job that is queued or whose lease has expired; None if none is."""
        with self._store.database.read() as connection:
            if connection.scalars(self._claimable()).first() is None:
                return None
        with self._store.database.write() as connection:
            # Concurrent dispatchers skip the row that is locked here.
            locked = self._claimable().with_for_update(skip_locked=True)
            job_id = connection.scalars(locked).one_or_none()
            claim = None if job_id is None else self._take(connection, job_id)
        if claim is not None:
            self._store.notices.publish(claim.job.id)
        return claim

    def record(self, claim: Lease, step: StepResult, seconds: float) -> bool:
        """Write checkpoint, progress and history in one transaction, and renew the lease.

        `seconds` were spent on the step. Returns whether the job is asked to stop.
        """
        with self._store.database.write() as connection:
            job = lease.fenced_update(
                connection,
                claim,
                iteration=step.iteration,
                loss=step.loss,
                metrics=dict(step.metrics),
                seconds=jobs.c.seconds + seconds,
                lost=0,
                lease_expires_at=self._lease_end(),
            )
            checkpoints.write_step(connection, job.id, step)
        self._store.notices.publish(job.id)
        return job.state == JobState.CANCELLING

    def end(self, claim: Lease, state: JobState, failure: Failure | None = None) -> Job:
        """Finish the job, as `release.end` says."""
        with self._store.database.write() as connection:
            job = release.end(connection, claim, state, self._store.clock(), failure)
        self._store.notices.publish(job.id)
        return job

    def release(self, claim: Lease, lost: str | None = None) -> Job:
        """Queue the job again, as `release.give_back` says."""
        with self._store.database.write() as connection:
            job = release.give_back(connection, claim, self._store.clock(), lost)
        self._store.notices.publish(job.id)
        return job

    def renew(self) -> None:
        """Renew the lease of every job held."""
        mine = update(jobs).where(lease.held_by(self._owner))
        with self._store.database.write() as connection:
            connection.execute(mine.values(lease_expires_at=self._lease_end()))

    def current(self) -> dict[str, Job]:
        """The jobs whose lease is still held, by identifier, as the database has them now."""
        mine = select(*job_rows.JOB_COLUMNS).where(lease.held_by(self._owner))
        with self._store.database.read() as connection:
            return {row["id"]: job_rows.to_job(row) for row in connection.execute(mine).mappings()}

    def _claimable(self) -> Select[str]:
        now = self._store.clock()
        expired = jobs.c.lease_expires_at < now
        # A lease that ends later than possible: the clock was set back after it was written.
        impossible = jobs.c.lease_expires_at > now + self._lease_seconds + CLOCKS_DIFFER_SECONDS
        abandoned = and_(jobs.c.state.in_(CLAIMED), or_(expired, impossible))
        waiting = jobs.c.state == JobState.QUEUED
        return select(jobs.c.id).where(or_(waiting, abandoned)).order_by(jobs.c.number).limit(1)

    def _take(self, connection: Connection, job_id: str) -> Lease | None:
        this = jobs.c.id == job_id
        stopping = jobs.c.state == JobState.CANCELLING
        job = job_rows.change(
            connection,
            this,
            state=case((stopping, JobState.CANCELLING), else_=JobState.RUNNING),
            attempt=jobs.c.attempt + 1,
            started_at=func.coalesce(jobs.c.started_at, self._store.clock()),
            owner=self._owner,
            lease_expires_at=self._lease_end(),
        )
        if job is None:
            return None
        columns = (jobs.c.owner, jobs.c.specification, jobs.c.seconds, jobs.c.time_limit_seconds)
        row = connection.execute(select(*columns).where(this)).one()
        newest = checkpoints.newest_iteration(connection, job_id)
        checkpoint = checkpoints.read_checkpoint(connection, job_id, newest)
        return Lease(job, checkpoint=checkpoint, **row._mapping)

    def _lease_end(self) -> float:
        return self._store.clock() + self._lease_seconds
