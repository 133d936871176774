"""Calls of an engine for a thread beside the event loop, as many at once as it likes."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Any

from service.jobs.executors.executor import Executor, Result


class BlockingCalls:
    """Made on the event loop of the engine, and closed there."""

    def __init__(self, engine: Executor, timeout: float) -> None:
        self._engine = engine
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._under_way: set[asyncio.Task[Any]] = set()

    def map(
        self, function: Callable[..., Result], arguments: Sequence[tuple[object, ...]]
    ) -> Iterator[Result]:
        """Give the results in the order of the arguments; never to the event loop itself.

        Raises what the first call that fails does, once none is under way any more, and
        `CancelledError` after `close`.
        """
        results: deque[Future[Result]] = deque(Future() for _ in arguments)
        self._loop.call_soon_threadsafe(self._start, function, arguments, tuple(results))
        try:
            while results:
                # What was given is not kept: a gradient may be large.
                yield results.popleft().result()
        finally:
            # Whoever was not lost comes to an end, and is not stopped hard for another's loss.
            wait(results)

    async def close(self) -> None:
        """Stop what is under way hard."""
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
            task.add_done_callback(partial(_hand_over, result))
            if self._closed:
                task.cancel()


def _hand_over(result: Future[Any], task: asyncio.Task[Any]) -> None:
    if task.cancelled():
        result.cancel()
        result.set_running_or_notify_cancel()
    elif error := task.exception():
        result.set_exception(error)
    else:
        result.set_result(task.result())
