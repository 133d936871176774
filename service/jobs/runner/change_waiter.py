"""Waiting until a job changes, whichever process drives it."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from time import monotonic

from service.jobs.job import Job
from service.jobs.storage.store import Store

# A change made by another process on the same database is seen this late, at most.
POLL_SECONDS = 0.5


class ChangeWaiter:
    """Wakes coroutines of one event loop: at once for changes made here, by looking for others.

    `heard` is called on that loop at every change made here.
    """

    def __init__(self, store: Store, heard: Callable[[], None]) -> None:
        self._store = store
        self._heard = heard
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def open(self) -> None:
        """Listen from now on, on behalf of the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._store.notices.subscribe(self._hear)

    async def wait(self, job_id: str, version: int, timeout: float) -> Job:
        """Give the job once its version is above `version`, at the latest after `timeout` seconds.

        Raises `JobNotFound`, also when the job is forgotten meanwhile.
        """
        deadline = monotonic() + timeout
        changed = asyncio.Event()
        self._waiting[job_id].add(changed)
        try:
            while True:
                changed.clear()
                job = await asyncio.to_thread(self._store.find, job_id)
                left = deadline - monotonic()
                if job.version > version or left <= 0:
                    return job
                await wait_for_event(changed, min(left, POLL_SECONDS))
        finally:
            self._waiting[job_id].discard(changed)
            if not self._waiting[job_id]:
                del self._waiting[job_id]

    def close(self) -> None:
        """Listen no more; who waits goes on by looking."""
        self._store.notices.unsubscribe(self._hear)

    def _hear(self, job_id: str) -> None:
        self._loop.call_soon_threadsafe(self._wake, job_id)

    def _wake(self, job_id: str) -> None:
        self._heard()
        for changed in self._waiting.get(job_id, ()):
            changed.set()


async def wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, but no longer than `seconds`; say whether it came."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
