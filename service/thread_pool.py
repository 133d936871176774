"""Where a request's computation runs: here when it is short, else on a bounded pool of threads."""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from service.errors import Overloaded

Result = TypeVar("Result")

SHORT_OPERATIONS = 2e5
"""About a tenth of a millisecond: less than handing it to a thread and back would cost."""

_NICENESS = 8
"""After the event loop, whose answers and refusals are short, and before the workers of jobs."""


class ComputePool:
    """NumPy releases the interpreter while it multiplies, so the event loop answers meanwhile."""

    def __init__(self, threads: int, queue: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(
            threads, thread_name_prefix="computation", initializer=_lower_priority
        )
        self._capacity = threads + queue
        self._seconds = seconds
        self.pending = 0
        """Computations that wait or run, whether or not somebody still wants to know."""

    async def run(self, function: Callable[[], Result], operations: float) -> Result:
        """The function's result; raises `Overloaded` when the queue is full, or it takes too long.

        What is still waiting then is given up; a thread that has begun cannot be stopped.
        """
        if operations < SHORT_OPERATIONS:
            return function()
        if self.pending >= self._capacity:
            raise Overloaded(f"{self.pending} computations are waiting already")
        self.pending += 1
        work = self._pool.submit(function)
        future = asyncio.wrap_future(work)
        # A client that goes away does not stop a thread: the place is free when the thread is.
        future.add_done_callback(self._leave)
        try:
            async with asyncio.timeout(self._seconds):
                return await asyncio.shield(future)
        except TimeoutError:
            work.cancel()
            raise Overloaded(f"the answer was not there within {self._seconds:g} s") from None

    def close(self) -> None:
        """Take nothing more; what runs has nobody left to answer to, and is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, future: asyncio.Future[Result]) -> None:
        self.pending -= 1
        if not future.cancelled():
            future.exception()  # seen, also when nobody waits for it any more


def _lower_priority() -> None:
    if sys.platform == "linux":  # elsewhere niceness belongs to the whole process
        os.nice(_NICENESS)
