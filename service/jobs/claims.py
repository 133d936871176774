"""What a driver does with a job it holds; the attempt number fences off whoever held it before."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, update

from service.jobs import progress, rows
from service.jobs.errors import ClaimLost, IllegalMove
from service.jobs.job import CLAIMED, Failure, Job, JobState, sources
from service.jobs.schema import jobs
from service.jobs.step import Step
from service.jobs.store import Store

LOSSES_ALLOWED = 3
NOBODY: Mapping[str, None] = {"owner": None, "lease_expires_at": None}


@dataclass(frozen=True, eq=False)
class Claim:
    """The right to drive a job, and what is needed to do it.

    `seconds` were spent by earlier steps, of `time_limit_seconds` if there is a limit.
    """

    job: Job
    specification: str
    checkpoint: bytes
    seconds: float
    time_limit_seconds: float | None


class Claims:
    """The claims of one driver, in the record of `store`, with a lease of `lease_seconds`."""

    def __init__(self, store: Store, lease_seconds: float = 5.0) -> None:
        self._store = store
        self._owner = uuid4().hex
        self._lease_seconds = lease_seconds

    def take(self) -> Claim | None:
        """Take up the oldest job that waits, or whose driver let its lease expire."""
        with self._store.database.read() as connection:
            if connection.execute(self._claimable()).first() is None:
                return None
        with self._store.database.write() as connection:
            # Whoever is a moment later passes over the row that is locked here.
            locked = self._claimable().with_for_update(skip_locked=True)
            job_id = connection.execute(locked).scalar_one_or_none()
            claim = None if job_id is None else self._take(connection, job_id)
        if claim is not None:
            self._store.notices.publish(claim.job.id)
        return claim

    def record(self, claim: Claim, step: Step, seconds: float) -> bool:
        """Write checkpoint, progress and history at once and renew the lease.

        `seconds` is what the step took. Returns whether the job is asked to stop. Raises
        `ClaimLost`.
        """
        with self._store.database.write() as connection:
            job = self._change(
                connection,
                claim,
                iteration=step.iteration,
                loss=step.loss,
                metrics=dict(step.metrics),
                seconds=jobs.c.seconds + seconds,
                lost=0,
                lease_expires_at=self._lease_end(),
            )
            progress.write_step(connection, job.id, step)
        self._store.notices.publish(job.id)
        return job.state == JobState.CANCELLING

    def end(self, claim: Claim, state: JobState, failure: Failure | None = None) -> Job:
        """Finish the job; a failed one keeps its best checkpoint, any other its newest.

        Raises `ClaimLost`, and `IllegalMove` for an end that the table of moves does not have.
        """
        with self._store.database.write() as connection:
            job = self._end(connection, claim, state, failure)
        self._store.notices.publish(job.id)
        return job

    def release(self, claim: Claim) -> Job:
        """Give the job back to the queue, or end it if it is asked to stop; raise `ClaimLost`."""
        return self._return(claim)

    def lose(self, claim: Claim, reason: str) -> Job:
        """Give the job back because its worker was lost; after three in a row it has failed.

        Raises `ClaimLost`.
        """
        return self._return(claim, lost=1, reason=reason)

    def renew(self) -> None:
        """Renew the lease of every job held."""
        with self._store.database.write() as connection:
            connection.execute(
                update(jobs).where(self._mine()).values(lease_expires_at=self._lease_end())
            )

    def held(self) -> dict[str, Job]:
        """Give the jobs as the record has them now, by identifier, that are still held."""
        with self._store.database.read() as connection:
            found = connection.execute(select(*rows.JOB_COLUMNS).where(self._mine())).mappings()
            return {row["id"]: rows.to_job(row) for row in found}

    def _claimable(self) -> Select[str]:
        expired = jobs.c.lease_expires_at < self._store.clock()
        abandoned = and_(jobs.c.state.in_(CLAIMED), expired)
        waiting = jobs.c.state == JobState.QUEUED
        return select(jobs.c.id).where(or_(waiting, abandoned)).order_by(jobs.c.number).limit(1)

    def _take(self, connection: Connection, job_id: str) -> Claim | None:
        this = jobs.c.id == job_id
        stopping = jobs.c.state == JobState.CANCELLING
        job = rows.change(
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
        columns = (jobs.c.specification, jobs.c.seconds, jobs.c.time_limit_seconds)
        row = connection.execute(select(*columns).where(this)).one()
        newest = progress.newest_iteration(connection, job_id)
        checkpoint = progress.read_checkpoint(connection, job_id, newest)
        return Claim(job, checkpoint=checkpoint, **row._mapping)

    def _return(self, claim: Claim, lost: int = 0, reason: str = "") -> Job:
        with self._store.database.write() as connection:
            job = self._give_back(connection, claim, lost, reason)
        self._store.notices.publish(job.id)
        return job

    def _give_back(self, connection: Connection, claim: Claim, lost: int, reason: str) -> Job:
        held = select(jobs.c.state, jobs.c.lost).where(self._held(claim)).with_for_update()
        row = connection.execute(held).one_or_none()
        if row is None:
            raise ClaimLost(claim.job.id, claim.job.attempt)
        losses = row.lost + lost
        if row.state == JobState.CANCELLING:
            return self._end(connection, claim, JobState.CANCELLED, None)
        if losses >= LOSSES_ALLOWED:
            failure = Failure("worker-lost", f"{losses} workers in a row were lost here: {reason}")
            return self._end(connection, claim, JobState.FAILED, failure)
        return self._change(connection, claim, state=JobState.QUEUED, lost=losses, **NOBODY)

    def _end(
        self, connection: Connection, claim: Claim, state: JobState, failure: Failure | None
    ) -> Job:
        error = None if failure is None else asdict(failure)
        values = {"state": state, "error": error, "finished_at": self._store.clock(), **NOBODY}
        job = self._change(connection, claim, **values)
        kept = progress.best_iteration if state == JobState.FAILED else progress.newest_iteration
        progress.keep_only(connection, job.id, {kept(connection, job.id)})
        return job

    def _change(self, connection: Connection, claim: Claim, **values: Any) -> Job:
        held = self._held(claim)
        target = values.get("state")
        may = held if target is None else and_(held, jobs.c.state.in_(sources(target)))
        job = rows.change(connection, may, **values)
        if job is not None:
            return job
        state = connection.scalars(select(jobs.c.state).where(held)).one_or_none()
        if state is None or target is None:
            raise ClaimLost(claim.job.id, claim.job.attempt)
        raise IllegalMove(JobState(state), target)

    def _held(self, claim: Claim) -> ColumnElement[bool]:
        """Tell the row apart from one that another attempt holds, or nobody: this is the fence."""
        token = jobs.c.attempt == claim.job.attempt
        return and_(jobs.c.id == claim.job.id, token, self._mine())

    def _mine(self) -> ColumnElement[bool]:
        return and_(jobs.c.owner == self._owner, jobs.c.state.in_(CLAIMED))

    def _lease_end(self) -> float:
        return self._store.clock() + self._lease_seconds
