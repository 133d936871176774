"""A time by which something has to have happened, again and again on one connection."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable


class Deadline:
    """Calls `late` unless it is moved or lifted before; there is never more than one pending."""

    def __init__(self, loop: AbstractEventLoop, late: Callable[[], None]) -> None:
        self._loop = loop
        self._late = late
        self._timer: TimerHandle | None = None

    @property
    def pending(self) -> bool:
        """Whether it has been set and neither lifted nor passed."""
        return self._timer is not None

    def set(self, seconds: float) -> None:
        """From now on it is so many seconds away."""
        self.lift()
        self._timer = self._loop.call_later(seconds, self._pass)

    def lift(self) -> None:
        """There is none any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _pass(self) -> None:
        self._timer = None
        self._late()
