"""Who wants to hear, in this process, that a job has changed."""

from collections.abc import Callable

Listener = Callable[[str], None]


class ChangeBus:
    """Hands the identifier of every job changed through this process to the listeners.

    A listener is called in whichever thread made the change, after the change was committed.
    """

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` from now on."""
        self._listeners += (listener,)

    def unsubscribe(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners = tuple(kept for kept in self._listeners if kept != listener)

    def publish(self, job_id: str) -> None:
        """Tell every listener."""
        for listener in self._listeners:
            listener(job_id)
