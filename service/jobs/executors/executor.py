"""Executor: calls pure functions in processes that may die."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Executor(Protocol):
    """Runs importable functions with picklable arguments in other processes."""

    @property
    def slots(self) -> int:
        """Number of concurrent calls; further ones wait for a slot."""

    @property
    def workers(self) -> int:
        """Number of workers now."""

    @property
    def worker_restarts(self) -> int:
        """Number of workers that were lost or killed so far."""

    async def call(
        self, function: Callable[..., Result], *arguments: object, timeout: float | None = None
    ) -> Result:
        """Return the function's result, or raise its exception.

        Raises `WorkerLost` if the worker ended, and `CallTimeout` after `timeout` seconds without
        the wait for a slot. A call that times out or is cancelled is killed with its worker; other
        calls are not affected.
        """

    async def close(self) -> None:
        """Stop every worker; pending and later calls raise `WorkerLost`."""
