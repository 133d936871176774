"""Connection to a Dask scheduler that reconnects and counts the workers."""

import asyncio
from dataclasses import dataclass
from time import monotonic

import structlog
from distributed import Client, Security

from service.jobs.errors import WorkerLost

POLL_SECONDS = 0.5
ANSWER_SECONDS = 5.0
# Pending calls fail after the cluster has had no workers for this long.
NO_WORKERS_SECONDS = 5.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Tls:
    """PEM files: CA of the cluster, and client certificate and key if it requires them."""

    ca_file: str
    certificate_file: str
    key_file: str

    def security(self) -> Security:
        """The settings for Dask; unencrypted connections are refused."""
        return Security(
            require_encryption=True,
            tls_ca_file=self.ca_file,
            tls_client_cert=self.certificate_file or None,
            tls_client_key=self.key_file or None,
        )


class DaskConnection:
    """Maintains the connection to the scheduler at `address` until `close`."""

    def __init__(self, address: str, tls: Tls | None) -> None:
        self._address = address
        self._security = None if tls is None else tls.security()
        self._client: Client | None = None
        self._last_seen = monotonic()
        self._threads = 0
        self.workers_gone = asyncio.Event()
        self._watch = asyncio.create_task(self._monitor())

    @property
    def threads(self) -> int:
        """How many threads the workers have; none while there is no connection."""
        connected = self._client is not None and self._client.status == "running"
        return self._threads if connected else 0

    @property
    def client(self) -> Client:
        """The client; raise `WorkerLost` while there is no scheduler or no worker."""
        if self._client is None or not self.threads:
            raise WorkerLost(f"the cluster at {self._address} has no workers")
        return self._client

    async def close(self) -> None:
        """Disconnect."""
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        self._threads = 0
        self.workers_gone.set()
        if self._client is not None:
            await self._client.close()

    async def _monitor(self) -> None:
        while True:
            try:
                threads = await self._count_threads()
            except (OSError, TimeoutError) as error:
                threads = 0
                log.warning("cluster does not answer", address=self._address, error=str(error))
            self._note(threads)
            await asyncio.sleep(POLL_SECONDS)

    async def _count_threads(self) -> int:
        if self._client is None or self._client.status in ("closing", "closed"):
            self._client = await self._connect()
        async with asyncio.timeout(ANSWER_SECONDS):
            threads: dict[str, int] = await self._client.nthreads()
        return sum(threads.values())

    async def _connect(self) -> Client:
        client = Client(
            self._address,
            security=self._security,
            asynchronous=True,
            set_as_default=False,
            timeout=ANSWER_SECONDS,
        )
        try:
            await client
        except BaseException:
            await client.close()
            raise
        return client

    def _note(self, threads: int) -> None:
        self._threads = threads
        if self.threads:
            self._last_seen = monotonic()
            self.workers_gone.clear()
        elif monotonic() - self._last_seen > NO_WORKERS_SECONDS:
            self.workers_gone.set()
