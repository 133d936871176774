"""The loop of one running job: run a step, write its result, check for a cancellation, repeat."""

import asyncio
from math import inf
from pathlib import Path
from time import monotonic

from service.jobs.errors import CallTimeout, WorkerLost
from service.jobs.executors.executor import Executor
from service.jobs.failures import limit_reached
from service.jobs.job import Failure, Job, JobState
from service.jobs.job_types import Advance
from service.jobs.leases.lease import Lease
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.runner.intervals import StepTiming
from service.jobs.runner.retry import retry_while_unavailable
from service.jobs.step_result import StepResult
from service.jobs.work_slice import WorkSlice


class JobRun:
    """Runs the job of the lease `claim` from its checkpoint; the lease excludes other writers."""

    def __init__(
        self, claim: Lease, claims: LeaseStore, engine: Executor, advance: Advance, pace: StepTiming
    ) -> None:
        self._claim = claim
        self._claims = claims
        self._engine = engine
        self._advance = advance
        self._pace = pace
        self._last = StepResult(
            claim.checkpoint, claim.job.iteration, claim.job.loss, claim.job.metrics
        )
        self._unwritten: StepResult | None = None
        self._spent = claim.seconds
        self._spent_unwritten = 0.0
        self._next_write = monotonic() + pace.write_every
        self._stopping = asyncio.Event()
        self._grace = 0.0
        if claim.job.state == JobState.CANCELLING:
            self.stop(0.0)

    @property
    def job_id(self) -> str:
        """The identifier of the job."""
        return self._claim.job.id

    @property
    def attempt(self) -> int:
        """The fencing token of the lease."""
        return self._claim.job.attempt

    def cancel(self) -> None:
        """Stop because the owner of the job cancels it."""
        self.stop(self._pace.cancel_grace)

    def stop(self, grace: float) -> None:
        """Stop: the current step may run for another `grace` seconds."""
        self._grace = grace
        self._stopping.set()

    async def run(self, data: Path) -> Job:
        """Run until the job is finished, stopped or has lost its worker.

        Return its last state. Raises `LeaseLost`, and what the training raises.
        """
        try:
            while not (self._stopping.is_set() or self._ended() or self._left() <= 0):
                await self._advance_once(data)
        except (WorkerLost, CallTimeout) as error:
            if self._left() > 0:
                await self._write()
                return await retry_while_unavailable(
                    self._claims.release, self._claim, error.detail
                )
        await self._write()
        return await self._end()

    def _ended(self) -> bool:
        return self._last.finished or self._last.failure is not None

    def _left(self) -> float:
        limit = self._claim.time_limit_seconds
        return inf if limit is None else limit - self._spent

    async def _advance_once(self, data: Path) -> None:
        begin = monotonic()
        try:
            step = await self._step(data)
        finally:
            seconds = monotonic() - begin
            self._spent += seconds
            self._spent_unwritten += seconds
        if step is None:
            return
        self._last = step
        self._unwritten = step.merge(self._unwritten)
        if monotonic() >= self._next_write:
            await self._write()

    async def _step(self, data: Path) -> StepResult | None:
        """Run one step; `None` when it was cut short because the job has to stop."""
        left = self._left()
        work_slice = WorkSlice(
            self._claim.specification,
            data,
            self._last.checkpoint,
            seconds=min(self._pace.step, left),
            timeout=min(self._pace.step_limit, left + self._pace.limit_grace),
        )
        call = asyncio.create_task(self._advance(self._engine, work_slice))
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({call, stop}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({call}, timeout=None if call.done() else self._grace)
            return call.result() if call.done() else None
        finally:
            call.cancel()
            stop.cancel()
            await asyncio.gather(call, stop, return_exceptions=True)

    async def _write(self) -> None:
        if self._unwritten is None:
            return
        begin = monotonic()
        seconds, self._spent_unwritten = self._spent_unwritten, 0.0
        asked = await retry_while_unavailable(
            self._claims.record, self._claim, self._unwritten, seconds
        )
        self._unwritten = None
        end = monotonic()
        rest = (end - begin) * (1.0 / self._pace.write_share - 1.0)
        self._next_write = end + max(self._pace.write_every, rest)
        if asked:
            self.stop(0.0)

    async def _end(self) -> Job:
        if self._last.failure is not None:
            return await self._finish(JobState.FAILED, self._last.failure)
        if self._last.finished:
            return await self._finish(JobState.SUCCEEDED)
        if self._left() <= 0:
            limit = self._claim.time_limit_seconds or 0.0
            failure = limit_reached(self._claim.job, self._last.iteration, limit)
            return await self._finish(JobState.FAILED, failure)
        return await retry_while_unavailable(self._claims.release, self._claim)

    async def _finish(self, state: JobState, failure: Failure | None = None) -> Job:
        return await retry_while_unavailable(self._claims.end, self._claim, state, failure)
