"""Calls of an engine for a thread beside the event loop, as many at once as it likes."""

import asyncio
from collections.abc import Sequence
from typing import Any

from service.jobs.engine import Engine


class Calls:
    """Made on the event loop of the engine, and closed there."""

    def __init__(self, engine: Engine, timeout: float) -> None:
        self._engine = engine
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._under_way: asyncio.Task[Any] | None = None

    def make(self, function: Any, arguments: Sequence[tuple[object, ...]]) -> list[Any]:
        """Wait for the results, in the order of the arguments; never on the event loop itself.

        Raises what the first call that fails does, once none is under way any more, and
        `CancelledError` after `close`.
        """
        waited = self._make(function, arguments)
        return asyncio.run_coroutine_threadsafe(waited, self._loop).result()

    async def close(self) -> None:
        """Stop what is under way hard."""
        self._closed = True
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.gather(self._under_way, return_exceptions=True)

    async def _make(self, function: Any, arguments: Sequence[tuple[object, ...]]) -> list[Any]:
        if self._closed:
            raise asyncio.CancelledError
        self._under_way = asyncio.current_task()
        try:
            # Whoever was not lost comes to an end, and is not stopped hard for another's loss.
            results = await asyncio.gather(
                *(self._engine.call(function, *one, timeout=self._timeout) for one in arguments),
                return_exceptions=True,
            )
        finally:
            self._under_way = None
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return results
