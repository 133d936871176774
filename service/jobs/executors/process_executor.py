"""Executor on this machine: one process and one private socket per slot."""

import asyncio
import pickle
import resource
from collections.abc import Callable

from service.jobs.errors import CallTimeout, WorkerLost
from service.jobs.executors.executor import Result
from service.jobs.executors.messages import decode_reply
from service.jobs.executors.worker_process import WorkerProcess

PAUSE_SECONDS = 1.0
CHECK_SECONDS = 1.0
"""How often idle workers are checked; one that has ended is replaced within that time."""
UNBOUNDED = resource.RLIM_INFINITY
LARGE_BYTES = 2**20


class ProcessExecutor:
    """One worker process per slot, each with a private socket.

    If one is killed, only its own call is lost. They start with the executor, and a lost one is
    replaced at once. A call that needs more than `memory_bytes` raises `MemoryError` and affects no
    other call. With `loads_kernels` they load the compiled kernels before their
    first call.
    """

    def __init__(
        self, slots: int, memory_bytes: int = UNBOUNDED, *, loads_kernels: bool = False
    ) -> None:
        self.slots = slots
        self.worker_restarts = 0
        self._memory_bytes = memory_bytes
        self._loads_kernels = loads_kernels
        self._closed = False
        self._ending: set[asyncio.Task[None]] = set()
        self._alive: set[WorkerProcess] = set()
        # The worker that was busy last may have the next step's data of the same job in its cache.
        self._free: asyncio.Queue[WorkerProcess | None] = asyncio.LifoQueue()
        for _ in range(slots):
            self._free.put_nowait(self._start())
        self._monitor: asyncio.Task[None] | None = None
        if slots:
            self._monitor = asyncio.get_event_loop().create_task(self._replace_dead_repeatedly())

    @property
    def process_ids(self) -> list[int]:
        """The identifiers of the worker processes, busy and idle."""
        return [worker.process_id for worker in self._alive]

    @property
    def workers(self) -> int:
        """The number of worker processes, busy and idle."""
        return len(self._alive)

    async def call(
        self, function: Callable[..., Result], *arguments: object, timeout: float | None = None
    ) -> Result:
        """Call `function` in the next free worker; see `Executor.call`."""
        worker = await self._take()
        answered = True
        try:
            # Only now: calls that wait for a worker take no memory.
            request = await _packed(function, arguments)
            answered = False
            async with asyncio.timeout(timeout):
                reply = await worker.exchange(request)
            answered = True
        except TimeoutError as error:
            raise CallTimeout(timeout or 0.0) from error
        finally:
            kept = answered and not self._closed
            self._free.put_nowait(worker if kept else self._replace(worker))
        result: Result = decode_reply(reply)
        return result

    async def close(self) -> None:
        """Kill every worker and wait for their ends."""
        self._closed = True
        if self._monitor is not None:
            self._monitor.cancel()
            await asyncio.gather(self._monitor, return_exceptions=True)
        for worker in self._alive:
            worker.kill()
        while not self._free.empty():
            idle = self._free.get_nowait()
            if idle is not None:
                self._replace(idle)
        self._free.put_nowait(None)
        # A running call ends its own worker.
        while self._alive or self._ending:
            await asyncio.gather(*self._ending)
            await asyncio.sleep(0)

    async def _take(self) -> WorkerProcess:
        worker = await self._free.get()
        # A worker that ended while idle is not a loss of this call.
        while worker is None or not worker.is_alive():
            if self._closed:
                self._free.put_nowait(None)  # for the next in line
                raise WorkerLost("the executor is closed")
            worker = self._replace(worker) if worker is not None else self._start()
            if worker is None:
                await asyncio.sleep(PAUSE_SECONDS)
        return worker

    async def _replace_dead_repeatedly(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            self._replace_dead()

    def _replace_dead(self) -> None:
        """Replace workers that ended while idle, or could not be started."""
        idle = [self._free.get_nowait() for _ in range(self._free.qsize())]
        for worker in reversed(idle):  # the last one put in is the first one taken
            if worker is None:
                worker = self._start()
            elif not worker.is_alive():
                worker = self._replace(worker)
            self._free.put_nowait(worker)

    def _replace(self, worker: WorkerProcess) -> WorkerProcess | None:
        """End a worker and start the next."""
        self._alive.discard(worker)
        worker.kill()
        worker.disconnect()
        ending = asyncio.create_task(asyncio.to_thread(worker.wait))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        if self._closed:
            return None
        self.worker_restarts += 1
        return self._start()

    def _start(self) -> WorkerProcess | None:
        """Start a worker; `None` while the machine has no memory or process for one."""
        try:
            worker = WorkerProcess(self._memory_bytes, self._loads_kernels)
        except OSError:
            return None
        self._alive.add(worker)
        return worker


async def _packed(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    """Pickle large arguments in a thread, since that would block the event loop."""
    if any(isinstance(one, bytes) and len(one) > LARGE_BYTES for one in arguments):
        return await asyncio.to_thread(_pack, function, arguments)
    return _pack(function, arguments)


def _pack(function: Callable[..., object], arguments: tuple[object, ...]) -> bytes:
    return pickle.dumps((function, arguments), protocol=pickle.HIGHEST_PROTOCOL)
