"""A bounded pool of threads for the computations of requests; short ones run on the event loop."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from service.errors import Overloaded

Result = TypeVar("Result")

SHORT_OPERATIONS = 2e5
"""About a tenth of a millisecond: less than handing it to a thread and back costs."""

_NICENESS = 8
"""Lower priority than the event loop, higher than the workers of jobs."""


class ComputePool:
    """A pool whose threads leave the interpreter to the event loop while NumPy computes."""

    def __init__(self, threads: int, queue: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix="computation", initializer=_lower_priority
        )
        self._capacity = threads + queue
        self._seconds = seconds
        self._timeouts: set[asyncio.Timeout] = set()
        self.pending = 0
        """Computations that wait or run, also those whose request has ended."""

    async def run(self, function: Callable[[], Result], operations: float) -> Result:
        """Return the function's result; raise `Overloaded` when the queue is full or it takes long.

        A computation that still waits then is dropped; a thread that has begun cannot be stopped.
        """
        if operations < SHORT_OPERATIONS:
            return function()
        if self.pending >= self._capacity:
            raise Overloaded(
                f"the maximum of {self.pending} running and waiting computations is reached"
            )
        self.pending += 1
        work = self._pool.submit(function)
        future = asyncio.wrap_future(work)
        # A client that leaves does not stop a thread: its place is free when the thread is.
        future.add_done_callback(self._leave)
        timeout = asyncio.timeout(self._seconds)
        try:
            async with timeout:
                self._timeouts.add(timeout)
                return await asyncio.shield(future)
        except TimeoutError:
            work.cancel()
            raise Overloaded(f"the response took more than {self._seconds:g} s") from None
        finally:
            self._timeouts.discard(timeout)

    def finish_within(self, seconds: float) -> None:
        """Answer every request within `seconds`: the service is stopping."""
        self._seconds = min(self._seconds, seconds)
        latest = asyncio.get_running_loop().time() + seconds
        for timeout in self._timeouts:
            if (when := timeout.when()) is None or when > latest:
                timeout.reschedule(latest)

    def close(self) -> None:
        """Take no more computations, and do not wait for those that run."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, future: asyncio.Future[Result]) -> None:
        self.pending -= 1
        if not future.cancelled():
            future.exception()  # retrieved, also when no request waits for it any more


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere niceness belongs to the whole process
        os.nice(_NICENESS)
