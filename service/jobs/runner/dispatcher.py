"""Dispatcher: acquires jobs, monitors their leases, and releases them in order."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

from service.jobs import failures
from service.jobs.errors import JobNotFound, LeaseLost
from service.jobs.executors.executor import Executor
from service.jobs.job import Failure, Job, JobState
from service.jobs.job_types import Advance, advance_by_kind
from service.jobs.leases.lease import Lease
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.runner.change_waiter import ChangeWaiter, wait_for_event
from service.jobs.runner.intervals import DispatcherTiming, StepTiming
from service.jobs.runner.job_run import JobRun
from service.jobs.runner.lease_monitor import LeaseMonitor
from service.jobs.runner.retention import Retention, expire_datasets, expire_jobs
from service.jobs.runner.retry import retry_while_unavailable
from service.jobs.storage.store import Store

log = structlog.get_logger()


class Dispatcher:
    """Runs the jobs in `store` on `engine` from `start` to `stop`, both on one event loop."""

    def __init__(
        self,
        store: Store,
        engine: Executor,
        *,
        pace: StepTiming | None = None,
        rhythm: DispatcherTiming | None = None,
        retention: Retention | None = None,
        advance: Advance = advance_by_kind,
    ) -> None:
        self._store = store
        self._engine = engine
        self._pace = pace or StepTiming()
        self._rhythm = rhythm or DispatcherTiming()
        self._retention = retention or Retention()
        self._advance = advance
        self._changes = ChangeWaiter(store, self._poll_now)
        self._claims = LeaseStore(store, self._rhythm.lease)
        self._guard = LeaseMonitor(self._claims, self._rhythm.lease)
        self._runs: dict[JobRun, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False
        self._take_up_now = asyncio.Event()
        self._look_now = asyncio.Event()
        self._tidy_now = asyncio.Event()

    async def start(self) -> None:
        """Start to acquire jobs, including those that an earlier process left unfinished."""
        self._changes.open()
        rhythm = self._rhythm
        self._loops = [
            asyncio.create_task(self._repeat(what, seconds, now))
            for what, seconds, now in (
                (self._acquire, rhythm.poll, self._take_up_now),
                (self._check_leases, rhythm.lease_check, self._look_now),
                (self._expire, rhythm.expiry, self._tidy_now),
            )
        ]

    async def stop(self) -> None:
        """Let the current steps end, write their results and release every running job."""
        self._stopping = True
        for now in (self._take_up_now, self._look_now, self._tidy_now):
            now.set()
        grace = self._rhythm.stop_grace
        for run in self._runs:
            run.stop(grace)
        await _end(self._loops, grace)
        for run in self._runs:
            run.stop(grace)
        await _end(self._runs.values(), grace + 1.0)
        await self._changes.close()

    async def wait_for_change(self, job_id: str, version: int, timeout: float) -> Job:
        """Return the job once its version is above `version`, at the latest after `timeout` s.

        Raises `JobNotFound`, also when the job is deleted meanwhile.
        """
        return await self._changes.wait(job_id, version, timeout)

    def note_change(self, job_id: str) -> None:
        """Process a change that another process has made; on the event loop."""
        self._changes.note(job_id)

    def release_waits(self) -> None:
        """Return from every `wait_for_change` at once: the service is about to stop."""
        self._changes.release()

    @property
    def waits_are_released(self) -> bool:
        """Whether `wait_for_change` returns without waiting."""
        return self._changes.released

    def _poll_now(self) -> None:
        self._take_up_now.set()
        self._look_now.set()

    async def _repeat(
        self, what: Callable[[], Awaitable[None]], seconds: float, now: asyncio.Event
    ) -> None:
        while not self._stopping:
            now.clear()
            try:
                await what()
            except Exception:  # the leases of running jobs have to be renewed after any error
                log.exception("dispatcher continues after an error")
            await wait_for_event(now, seconds)

    async def _acquire(self) -> None:
        while len(self._runs) < self._engine.slots and not self._stopping:
            claim = await asyncio.to_thread(self._claims.acquire)
            if claim is None:
                return
            run = JobRun(claim, self._claims, self._engine, self._advance, self._pace)
            self._runs[run] = asyncio.create_task(self._run_job(run, claim))

    async def _check_leases(self) -> None:
        await self._guard.tick(self._runs)

    async def _expire(self) -> None:
        for expire in (expire_jobs, expire_datasets):
            await asyncio.to_thread(expire, self._store, self._retention)

    async def _run_job(self, run: JobRun, claim: Lease) -> None:
        try:
            data = await retry_while_unavailable(self._store.files.ensure, claim.job.id)
            job = await run.run(data)
            if job.finished:
                await asyncio.to_thread(self._store.files.discard, job.id)
        except (LeaseLost, JobNotFound) as error:
            log.info("job released", job=claim.job.id, reason=error.detail)
        except Exception as error:
            log.exception("job failed", job=claim.job.id)
            await self._fail(claim, failures.of_error(error))
        finally:
            del self._runs[run]
            self._poll_now()

    async def _fail(self, claim: Lease, failure: Failure) -> None:
        try:
            await retry_while_unavailable(self._claims.end, claim, JobState.FAILED, failure)
        except LeaseLost as error:
            log.info("job released", job=claim.job.id, reason=error.detail)


async def _end(tasks: Collection[asyncio.Task[None]], seconds: float) -> None:
    """Wait for the tasks to end, then cancel them."""
    ending = set(tasks)
    if ending:
        _, late = await asyncio.wait(ending, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
