"""Notifications about changed jobs within this process."""

from collections.abc import Callable

Listener = Callable[[str], None]


class ChangeBus:
    """Publishes the identifiers of changed jobs to listeners in this process.

    A listener is called in the thread that made the change, after the commit.
    """

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` from now on."""
        self._listeners += (listener,)

    def unsubscribe(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners = tuple(kept for kept in self._listeners if kept != listener)

    def publish(self, job_id: str) -> None:
        """Call every listener."""
        for listener in self._listeners:
            listener(job_id)
