"""Waits for changes of jobs, with one query for all waiting coroutines."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import structlog

from service.errors import NotReady
from service.jobs.errors import JobNotFound
from service.jobs.job import Job
from service.jobs.storage.availability import NO_RESPONSE, outage_reason
from service.jobs.storage.store import Store

POLL_SECONDS = 0.5
"""The longest delay before a change made by another process on the same database is seen."""

log = structlog.get_logger()


@dataclass(eq=False)
class _WatchedJob:
    """A job that at least one coroutine waits for, as it was last read."""

    job: Job | None = None
    deleted: bool = False
    outage: str | None = None
    waiting: set[asyncio.Event] = field(default_factory=set)

    def current(self, job_id: str) -> Job | None:
        """Return the job, None before the first read; raise `JobNotFound` and `NotReady`."""
        if self.deleted:
            raise JobNotFound(job_id)
        if self.outage is not None:
            raise NotReady(self.outage)
        return self.job

    def wake(self) -> None:
        """Wake every waiting coroutine."""
        for event in self.waiting:
            event.set()


class ChangeWaiter:
    """Wakes coroutines of one event loop when a job has changed.

    Changes made in this process are seen at once, those of other processes by polling. All reads
    that are due are one query, however many coroutines wait. `on_change` is called on the event
    loop at every change made in this process.
    """

    def __init__(self, store: Store, on_change: Callable[[], None]) -> None:
        self._store = store
        self._on_change = on_change
        self._watched: dict[str, _WatchedJob] = {}
        self._due: set[str] = set()
        self._read_now = asyncio.Event()
        self.released = False
        """Whether waits return at once: the service is about to stop."""
        self._reader: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Start to receive changes, on the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._store.notices.subscribe(self._receive)
        self._reader = asyncio.create_task(self._read_repeatedly())

    async def wait(self, job_id: str, version: int, timeout: float) -> Job:
        """Return the job once its version is above `version`, at the latest after `timeout` s.

        After `release` it returns the job as it is. Raises `JobNotFound`, also when the job is
        deleted meanwhile, and `NotReady` while the database is away.
        """
        deadline = monotonic() + timeout
        with self._watching(job_id) as (watched, changed):
            while True:
                changed.clear()
                job, left = watched.current(job_id), deadline - monotonic()
                if job is None:
                    await changed.wait()
                elif job.version > version or left <= 0 or self.released:
                    return job
                else:
                    await wait_for_event(changed, left)

    def note(self, job_id: str) -> None:
        """Read the job soon: it has changed. Called on the event loop."""
        self._on_change()
        if job_id in self._watched:
            self._request_read(job_id)

    def release(self) -> None:
        """Return from every wait at once, also from those that begin later."""
        self.released = True
        for watched in self._watched.values():
            watched.wake()

    async def close(self) -> None:
        """Release all waits and stop reading."""
        self.release()
        self._store.notices.unsubscribe(self._receive)
        if self._reader is not None:
            await asyncio.sleep(0)  # waits that were released return before their reader ends
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        for watched in self._watched.values():
            watched.outage = "the service is stopping"
            watched.wake()

    @contextmanager
    def _watching(self, job_id: str) -> Iterator[tuple[_WatchedJob, asyncio.Event]]:
        watched = self._watched.setdefault(job_id, _WatchedJob())
        changed = asyncio.Event()
        watched.waiting.add(changed)
        self._request_read(job_id)  # it may have changed since the caller read it
        try:
            yield watched, changed
        finally:
            watched.waiting.discard(changed)
            if not watched.waiting and self._watched.get(job_id) is watched:
                del self._watched[job_id]

    def _request_read(self, job_id: str) -> None:
        self._due.add(job_id)
        self._read_now.set()

    def _receive(self, job_id: str) -> None:
        self._loop.call_soon_threadsafe(self.note, job_id)

    async def _read_repeatedly(self) -> None:
        next_poll = monotonic() + POLL_SECONDS
        while True:
            await wait_for_event(self._read_now, next_poll - monotonic())
            self._read_now.clear()
            if monotonic() >= next_poll:
                next_poll = monotonic() + POLL_SECONDS
                self._due.update(self._watched)
            due = self._due & self._watched.keys()
            self._due.clear()
            if due:
                await self._read(due)

    async def _read(self, job_ids: set[str]) -> None:
        known = {job_id: watched.job for job_id, watched in self._watched.items()}
        versions = {i: job.version if (job := known.get(i)) else 0 for i in job_ids}
        try:
            found = await asyncio.to_thread(self._store.changed_since, versions)
        except Exception as error:
            outage = outage_reason(error)
            if outage is None:
                log.exception("jobs cannot be read")
            self._wake_waiting(job_ids, outage=outage or NO_RESPONSE)
        else:
            self._wake_waiting(job_ids, found)

    def _wake_waiting(
        self,
        job_ids: set[str],
        found: dict[str, Job | None] | None = None,
        outage: str | None = None,
    ) -> None:
        """Wake those whose job has changed, was deleted, or cannot be read."""
        for job_id in job_ids & self._watched.keys():
            watched = self._watched[job_id]
            watched.outage = outage
            if found is not None:
                watched.deleted = job_id not in found
                watched.job = found.get(job_id) or watched.job
            if outage or watched.deleted or (found and found[job_id]):
                watched.wake()


async def wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event for at most `seconds`; return whether it was set."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
