"""Room for request bodies: each is bounded by itself, and here all of them together."""

from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import Overloaded


class BodyMemoryMiddleware:
    """ASGI middleware: so many bytes for the bodies that are held at the same time."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._free = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request its part, empty at first, and take it back when it is answered."""
        scope["held"] = held = BodyReservation(self)
        try:
            await self._app(scope, receive, send)
        finally:
            self._free += held.bytes

    def take(self, count: int) -> None:
        """Raise `Overloaded` unless there is so much room left."""
        if count > self._free:
            raise Overloaded("the bodies of other requests take all the room there is")
        self._free -= count


class BodyReservation:
    """The part of one request."""

    def __init__(self, room: BodyMemoryMiddleware) -> None:
        self._room = room
        self.bytes = 0

    def grow_to(self, total: int) -> None:
        """Hold at least so many bytes; raises `Overloaded`."""
        if total > self.bytes:
            self._room.take(total - self.bytes)
            self.bytes = total
