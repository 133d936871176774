"""Calls to other processes: the one method a driver needs, and its form on this machine."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

from service.jobs.errors import Lost, Overdue
from service.jobs.worker_process import WorkerProcess

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Engine(Protocol):
    """Somewhere to call pure functions that an import can find."""

    @property
    def slots(self) -> int:
        """How many calls run at once; further ones wait."""

    async def call(
        self,
        function: Callable[..., Result],
        *arguments: object,
        timeout: float | None = None,
    ) -> Result:
        """Give the function's result, or raise its exception.

        Raises `Lost` when the worker vanished and `Overdue` when the call took more than `timeout` seconds,
        the wait for a slot not counted. Cancelling the caller stops the call; other calls never notice.
        """

    async def close(self) -> None:
        """Stop everything; calls under way raise `Lost`."""


class ProcessEngine:
    """One process of its own and one private socket for each of `slots` slots.

    Nothing is shared between workers, so a worker that is killed at any moment takes only its own call
    with it.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._free: asyncio.Queue[WorkerProcess | None] = asyncio.Queue()
        for _ in range(slots):
            self._free.put_nowait(None)
        self._workers: set[WorkerProcess] = set()
        self._closed = False
    ...
