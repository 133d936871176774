"""The record of jobs as the service has it: there, or not now and why."""

import asyncio
from collections.abc import Callable

import structlog
from alembic.util.exc import CommandError

from service.errors import NotReady
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.availability import NO_RESPONSE, outage_reason
from service.jobs.storage.store import Store

RETRY_SECONDS = 1.0
PROBE_SECONDS = 2.0
FRESH_SECONDS = 1.0

log = structlog.get_logger()


class JobSystem:
    """Opens the store as soon as its database lets itself be opened, and has it driven.

    Until then, and while the database is away, what needs no job is answered all the same.
    """

    def __init__(
        self, open_store: Callable[[], Store], drive: Callable[[Store], Dispatcher]
    ) -> None:
        self._open_store = open_store
        self._drive = drive
        self._opened: tuple[Store, Dispatcher] | None = None
        self._why = "the record of jobs is not open yet"
        self._opening: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self._probed = -FRESH_SECONDS

    @property
    def store(self) -> Store:
        """Raise `NotReady` while there is none."""
        return self._both()[0]

    @property
    def driver(self) -> Dispatcher:
        """Raise `NotReady` while there is none."""
        return self._both()[1]

    async def open(self) -> None:
        """Open it now, or go on trying."""
        if not await self._opens():
            self._opening = asyncio.create_task(self._keep_trying())

    @property
    def unavailable_reason(self) -> str:
        """Why it took no write when it was last looked at; empty: it did."""
        return self._why

    async def probe(self) -> None:
        """Have a write committed now, unless one was a moment ago."""
        now = asyncio.get_running_loop().time()
        if self._opened and now - self._probed >= FRESH_SECONDS:
            await self._probe_now(self.store)

    async def require_writable(self) -> None:
        """Raise `NotReady` unless a write is committed now, or was a moment ago."""
        await self.probe()
        if self._why:
            raise NotReady(self._why)

    def release_waits(self) -> None:
        """Let every request that waits for a job be answered now: the service is stopping."""
        if self._opened is not None:
            self.driver.release_waits()

    async def close(self) -> None:
        """Let the driver stop in order."""
        if self._opening is not None:
            self._opening.cancel()
        if self._opened is not None:
            store, driver = self._opened
            await driver.stop()
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
        except CommandError:
            self._why = "the database has the schema of a newer release"
            return False
        except Exception as error:
            why = outage_reason(error)
            if why is None:
                raise
            log.warning("the record of jobs does not open", reason=why, error=str(error))
            self._why = why
            return False
        driver = self._drive(store)
        await driver.start()
        self._opened, self._why = (store, driver), ""
        return True

    async def _probe_now(self, store: Store) -> None:
        # One at a time: a database that hangs must not take a thread for every question.
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
            log.warning("the record of jobs is away", reason=self._why, error=str(error))
            store.reconnect()
        else:
            self._why = ""
        self._probed = asyncio.get_running_loop().time()
