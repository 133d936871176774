"""Where a request's computation runs: here when it is short, else on a bounded pool of threads."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from service.problems import Overloaded

Result = TypeVar("Result")

SHORT_OPERATIONS = 2e5
"""About a tenth of a millisecond: less than handing it to a thread and back would cost."""


class Computation:
    """NumPy releases the interpreter while it multiplies, so the event loop answers meanwhile."""

    def __init__(self, threads: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="computation")
        self._room = threads + queue
        self._under_way = 0

    async def run(self, function: Callable[[], Result], operations: float) -> Result:
        """The function's result; raises `Overloaded` at once when the queue is full."""
        if operations < SHORT_OPERATIONS:
            return function()
        if self._under_way >= self._room:
            raise Overloaded(f"{self._under_way} computations are waiting already")
        self._under_way += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, function)
        # A client that goes away does not stop a thread: the place is free when the thread is.
        future.add_done_callback(self._leave)
        return await asyncio.shield(future)

    def close(self) -> None:
        """Take nothing more; what runs has nobody left to answer to, and is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, future: asyncio.Future[Result]) -> None:
        self._under_way -= 1
        if not future.cancelled():
            future.exception()  # seen, also when nobody waits for it any more
