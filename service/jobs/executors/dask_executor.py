"""Executor on a Dask cluster."""

import asyncio
import os
from collections.abc import Callable
from uuid import uuid4

import structlog
from distributed import Client, Future

from service.jobs.errors import CallTimeout, WorkerLost
from service.jobs.executors.dask_connection import DaskConnection, Tls
from service.jobs.executors.dask_data import DaskData
from service.jobs.executors.executor import Result
from service.jobs.executors.messages import decode_reply, encode_reply

STOP_SECONDS = 10.0
PAUSE_SECONDS = 0.05

log = structlog.get_logger()


class DaskExecutor:
    """Calls run on the workers of the scheduler at `address`, such as `tcp://host:8786`.

    Without workers there are no slots; they return with the workers or the scheduler. `most_slots`
    bounds the calls of this process. Killing a call affects no other if each worker has one thread
    and a nanny: `dask worker --nthreads 1`.
    """

    def __init__(self, address: str, tls: Tls | None = None, most_slots: int | None = None) -> None:
        self._link = DaskConnection(address, tls)
        self._data = DaskData()
        self._most_slots = most_slots
        self._endings: set[asyncio.Task[None]] = set()
        self.worker_restarts = 0

    @property
    def slots(self) -> int:
        """Number of worker threads that this process may use."""
        # A worker that is being killed is no slot, even while the scheduler still counts it.
        threads = max(0, self._link.threads - len(self._endings))
        return threads if self._most_slots is None else min(threads, self._most_slots)

    @property
    def workers(self) -> int:
        """Number of worker threads of the cluster."""
        return self._link.threads

    async def call(
        self, function: Callable[..., Result], *arguments: object, timeout: float | None = None
    ) -> Result:
        """Call `function` on a worker, see `Executor.call`; the wait for a worker counts."""
        client = self._link.client
        try:
            placed = [await self._data.place(client, argument) for argument in arguments]
            key = f"call-{uuid4().hex}"
            future = client.submit(encode_reply, function, *placed, key=key, pure=False)
        except (OSError, TimeoutError) as error:
            raise WorkerLost(f"the cluster took no call: {error}") from error
        reply = await self._reply(client, future, timeout)
        result: Result = decode_reply(reply)
        return result

    async def close(self) -> None:
        """Disconnect; pending calls raise `WorkerLost`."""
        await self._link.close()
        await asyncio.gather(*self._endings, return_exceptions=True)

    async def _reply(self, client: Client, future: Future, timeout: float | None) -> bytes:
        answer = asyncio.ensure_future(future.result())
        workers_gone = asyncio.create_task(self._link.workers_gone.wait())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({answer, workers_gone}, timeout=timeout, return_when=first)
            if answer.done():
                return self._read(answer)
            if workers_gone.done():
                raise WorkerLost("the cluster has no workers any more")
            raise CallTimeout(timeout or 0.0)
        finally:
            workers_gone.cancel()
            if not answer.done():
                answer.cancel()
                self._kill_worker(client, future)

    def _read(self, answer: "asyncio.Future[bytes]") -> bytes:
        # Exceptions of the function are part of the reply; what is raised here comes from Dask
        # (FutureCancelledError, KilledWorker, CommClosedError).
        try:
            return answer.result()
        except (Exception, asyncio.CancelledError) as error:
            self._data.forget()
            self.worker_restarts += 1
            raise WorkerLost(f"the cluster lost a call: {error}") from error

    def _kill_worker(self, client: Client, future: Future) -> None:
        self.worker_restarts += 1
        ending = asyncio.create_task(_end(client, future))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)


async def _exit() -> None:
    """End the worker process at once."""
    os._exit(1)


async def _end(client: Client, future: Future) -> None:
    """Cancel the call on the cluster and end its worker; the nanny starts a new one."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            running = await client.call_stack(keys=[future.key])
            await client.cancel([future], force=True)
            if running:
                await client.run(_exit, workers=list(running), wait=False)
            while running.keys() & (await client.nthreads()).keys():
                await asyncio.sleep(PAUSE_SECONDS)
    except Exception as error:  # the scheduler is gone or does not know the call
        log.info("nothing left to stop on the cluster", reason=repr(error))
