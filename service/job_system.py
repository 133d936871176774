"""The job system of the application: available, or unavailable with the reason."""

import asyncio
from collections.abc import Callable

import structlog

from service.errors import NotReady
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.availability import NO_RESPONSE, outage_reason
from service.jobs.storage.migrate import NewerSchema
from service.jobs.storage.store import Store

RETRY_SECONDS = 1.0
PROBE_SECONDS = 2.0
FRESH_SECONDS = 1.0

log = structlog.get_logger()


class JobSystem:
    """Opens the store as soon as the database is available, and starts the dispatcher.

    Requests that need no job are answered without the database.
    """

    def __init__(
        self, open_store: Callable[[], Store], start_dispatcher: Callable[[Store], Dispatcher]
    ) -> None:
        self._open_store = open_store
        self._start_dispatcher = start_dispatcher
        self._opened: tuple[Store, Dispatcher] | None = None
        self._why = "the database of jobs is not open yet"
        self._opening: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._probed = -FRESH_SECONDS

    @property
    def store(self) -> Store:
        """Raise `NotReady` while there is none."""
        return self._both()[0]

    @property
    def dispatcher(self) -> Dispatcher:
        """Raise `NotReady` while there is none."""
        return self._both()[1]

    async def open(self) -> None:
        """Open the store now, or keep trying in the background."""
        if not await self._opens():
            self._opening = asyncio.create_task(self._keep_trying())

    @property
    def unavailable_reason(self) -> str:
        """Why the last write failed; empty if it succeeded."""
        return self._why

    async def probe(self) -> None:
        """Commit a write now, unless one was committed a moment ago."""
        now = asyncio.get_running_loop().time()
        if self._opened and now - self._probed >= FRESH_SECONDS:
            await self._probe_now(self.store)

    async def require_writable(self) -> None:
        """Raise `NotReady` unless a write is committed now, or was a moment ago."""
        await self.probe()
        if self._why:
            raise NotReady(self._why)

    def release_waits(self) -> None:
        """Answer every request that waits for a job: the service is stopping."""
        if self._opened is not None:
            self.dispatcher.release_waits()

    async def close(self) -> None:
        """Stop the dispatcher in order."""
        if self._opening is not None:
            self._opening.cancel()
        if self._opened is not None:
            store, dispatcher = self._opened
            await dispatcher.stop()
            store.close()

    def _both(self) -> tuple[Store, Dispatcher]:
        if self._opened is None:
            raise NotReady(self._why)
        return self._opened

    async def _keep_trying(self) -> None:
        while not await self._opens():
            await asyncio.sleep(RETRY_SECONDS)

    async def _opens(self) -> bool:
        try:
            store = await asyncio.to_thread(self._open_store)
        except NewerSchema:
            self._why = "the database has the schema of a newer release"
            return False
        except Exception as error:
            why = outage_reason(error)
            if why is None:
                raise
            log.warning("database of jobs cannot be opened", reason=why, error=str(error))
            self._why = why
            return False
        dispatcher = self._start_dispatcher(store)
        await dispatcher.start()
        self._opened, self._why = (store, dispatcher), ""
        return True

    async def _probe_now(self, store: Store) -> None:
        # One at a time: a database that hangs must not block a thread for every request.
        if self._probe is None or self._probe.done():
            self._probe = asyncio.create_task(self._ping(store))
        done, _ = await asyncio.wait({self._probe}, timeout=PROBE_SECONDS)
        if not done:
            self._why = f"{NO_RESPONSE} within {PROBE_SECONDS:g} s"

    async def _ping(self, store: Store) -> None:
        try:
            await asyncio.to_thread(store.ping)
        except Exception as error:
            self._why = outage_reason(error) or f"{NO_RESPONSE} as it should"
            log.warning("database of jobs is unavailable", reason=self._why, error=str(error))
            store.reconnect()
        else:
            self._why = ""
        self._probed = asyncio.get_running_loop().time()
