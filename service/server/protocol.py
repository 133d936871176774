"""uvicorn's HTTP/1.1, with an end to everything that a client may leave open.

uvicorn waits for ever for a head, for a body, and for a client that does not read; it takes heads
of any length, and adds the trailer of a chunked body to the headers of the request.
"""

from asyncio import Transport
from enum import Enum, auto
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.server.connection_limits import ConnectionLimits
from service.server.deadline import Deadline
from service.server.raw_response import raw_error_response

LINGER_SECONDS = 1.0
"""How long what a refused client is still sending is thrown away, so that it reads why."""

MAX_LINGERING = 32
"""Connections beyond the bound; each takes a file descriptor for that time."""


class Stage(Enum):
    """What of a request is arriving."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


def bounded(bounds: ConnectionLimits) -> type["BoundedProtocol"]:
    """The protocol with these bounds, as uvicorn wants it: a class."""
    return type("Bounded", (BoundedProtocol,), {"bounds": bounds})


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    bounds: ConnectionLimits

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        self._arrival = Deadline(self.loop, self._timed_out)
        self._reading = Deadline(self.loop, self._write_timed_out)
        self._stage = Stage.NOTHING
        self._running: RequestResponseCycle | None = None
        self._closing = False
        self._progressed = False
        self._silent_bytes = self._unread_bytes = 0
        excess = len(self.connections) - self.bounds.connections
        if excess <= 0:
            self._arrival.set(self.bounds.header_timeout_seconds)
            return
        self._refuse(503, f"{self.bounds.connections} connections are open already")
        if excess > MAX_LINGERING:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadlines."""
        self._arrival.close()
        self._reading.close()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and count what it takes in without giving anything."""
        if self._closing:
            return
        self._progressed = False
        super().data_received(data)
        self._silent_bytes = 0 if self._progressed else self._silent_bytes + len(data)
        if self._silent_bytes > self.bounds.head_bytes:
            self._refuse(431, f"the head of a request may have {self.bounds.head_bytes:,} bytes")
        elif self._idle() and not self._arrival.pending:
            self._arrival.set(self.bounds.header_timeout_seconds)  # empty lines keep nothing open

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._stage = Stage.HEAD
        self._progressed = True
        self._arrival.set(self.bounds.header_timeout_seconds)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the headers of the head: those of a trailer come after they have been judged."""
        if self._stage is Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A body begins."""
        self._stage = Stage.BODY
        self._progressed = True
        self._arrival.set(self.bounds.body_timeout_seconds)
        super().on_headers_complete()
        if self.parser.should_upgrade():
            self.cycle.keep_alive = False  # we stay with HTTP/1.1, the parser would go no further

    def on_body(self, body: bytes) -> None:
        """A part of it."""
        self._progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Nothing of the request is outstanding."""
        self._stage = Stage.NOTHING
        self._arrival.clear()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """In our form; `msg` says no more than that."""
        self._refuse(400, "this is not HTTP/1.1 as RFC 9112 has it")

    def _unsupported_upgrade_warning(self) -> None:
        """Answer in HTTP/1.1, as RFC 9110 allows; that is no reason to warn."""

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._unread_bytes = self.transport.get_write_buffer_size()
        self._reading.set(self.bounds.reading_seconds)

    def resume_writing(self) -> None:
        """It has caught up."""
        self._reading.clear()
        super().resume_writing()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _idle(self) -> bool:
        answered = self._running is None or self._running.response_complete
        return answered and self._stage is Stage.NOTHING

    def _timed_out(self) -> None:
        if self._closing or self._stage is Stage.NOTHING:
            self.transport.close()
        else:
            part = self._stage.name.lower()
            self._refuse(408, f"the {part} of the request did not arrive in time")

    def _write_timed_out(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread >= self._unread_bytes:
            self.transport.abort()
        else:
            self._unread_bytes = unread
            self._reading.set(self.bounds.reading_seconds)

    def _refuse(self, status: int, detail: str) -> None:
        """Hear no more. What was asked before is answered first; then there is no room for this."""
        if self._closing:
            return
        self._closing = True
        self._arrival.clear()
        if self.pipeline and self._stage is Stage.BODY:
            self.pipeline.popleft()
        last = self.pipeline[0][0] if self.pipeline else self._running
        if last is None or last.response_complete:
            self._end(
                None if last and self._stage is Stage.BODY else raw_error_response(status, detail)
            )
        elif last.response_started or not last.more_body:
            last.keep_alive = False
        else:
            last.disconnected = True
            last.waiting_for_100_continue = False  # nothing can be said after the refusal
            last.message_event.set()
            self._end(raw_error_response(status, detail))

    def _end(self, answer: bytes | None) -> None:
        if answer is None:
            self.transport.close()
            return
        self.transport.write(answer)
        self.transport.write_eof()
        self._arrival.set(LINGER_SECONDS)
