"""The one method a driver needs: call a pure function in a process that may die."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Executor(Protocol):
    """Somewhere to call functions that an import can find, with values that pickle."""

    @property
    def slots(self) -> int:
        """How many calls run at once; further ones wait for a slot."""

    @property
    def workers(self) -> int:
        """How many workers there are now."""

    @property
    def worker_restarts(self) -> int:
        """How many workers were lost or stopped hard so far."""

    async def call(
        self, function: Callable[..., Result], *arguments: object, timeout: float | None = None
    ) -> Result:
        """Give the function's result, or raise its exception.

        Raises `Lost` when the worker vanished, and `CallTimeout` when the call took more than
        `timeout` seconds, the wait for a slot not counted; it is stopped then, as it is when the
        caller is cancelled. Other calls notice none of this.
        """

    async def close(self) -> None:
        """Stop every worker; calls under way and calls to come raise `Lost`."""
