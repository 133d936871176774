"""A limit on the memory of all request bodies together."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import Overloaded


class BodyMemoryMiddleware:
    """ASGI middleware: gives each request a reservation in `max_bytes` of memory for bodies."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._free = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add an empty reservation to the scope, and release it after the response."""
        scope["held"] = held = BodyReservation(self)
        try:
            await self._app(scope, receive, send)
        finally:
            self._free += held.bytes

    def take(self, count: int) -> None:
        """Reserve bytes; raise `Overloaded` if fewer are free."""
        if count > self._free:
            raise Overloaded("the memory for request bodies is in use by other requests")
        self._free -= count


class BodyReservation:
    """The memory reserved for the body of one request."""

    def __init__(self, memory: BodyMemoryMiddleware) -> None:
        self._memory = memory
        self.bytes = 0

    def grow_to(self, total: int) -> None:
        """Reserve at least `total` bytes; raises `Overloaded`."""
        if total > self.bytes:
            self._memory.take(total - self.bytes)
            self.bytes = total
