"""Calls of an executor from a thread outside the event loop."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from service.jobs.executors.executor import Executor, Result


class BlockingCalls:
    """Blocking interface to an executor; created and closed on its event loop."""

    def __init__(self, engine: Executor, timeout: float) -> None:
        self._engine = engine
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._under_way: set[asyncio.Task[Any]] = set()

    def map(
        self, function: Callable[..., Result], arguments: Sequence[tuple[object, ...]]
    ) -> Iterator[Result]:
        """Call `function` for all arguments in parallel; yields results in their order.

        Must not be used on the event loop. Raises the exception of the first call that fails, after
        all calls have ended, and `CancelledError` after `close`.
        """
        results: deque[Future[Result]] = deque(Future() for _ in arguments)
        self._loop.call_soon_threadsafe(self._start, function, arguments, tuple(results))
        try:
            while results:
                # Results are dropped as soon as they are yielded: a gradient may be large.
                yield results.popleft().result()
        finally:
            # Calls on other workers end by themselves; cancelling them would kill their workers.
            wait(results)

    async def close(self) -> None:
        """Cancel all pending calls, which kills their workers."""
        self._closed = True
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start(
        self,
        function: Callable[..., Any],
        arguments: Sequence[tuple[object, ...]],
        results: Sequence[Future[Any]],
    ) -> None:
        for one, result in zip(arguments, results, strict=True):
            call = self._engine.call(function, *one, timeout=self._timeout)
            task = self._loop.create_task(call)
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            task.add_done_callback(partial(_copy_outcome, result))
            if self._closed:
                task.cancel()


def _copy_outcome(result: Future[Any], task: asyncio.Task[Any]) -> None:
    if task.cancelled():
        result.cancel()
        result.set_running_or_notify_cancel()
    elif error := task.exception():
        result.set_exception(error)
    else:
        result.set_result(task.result())
