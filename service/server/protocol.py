"""uvicorn's HTTP/1.1 protocol with timeouts and limits for everything a client may leave open.

uvicorn has no timeout for a request head, for a request body and for a client that does not read;
it accepts heads of any length, adds the trailer of a chunked body to the headers of the request,
accepts any number of `Host` fields, and resets connections on which the client is still sending.
"""

import asyncio
from asyncio import Transport
from collections.abc import Iterable
from enum import Enum, auto
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from service.server.connection_limits import ConnectionLimits
from service.server.deadline import Deadline
from service.server.raw_response import raw_error_response
from service.server.request_target import InvalidTarget, origin_form
from service.server.response_framing import with_correct_framing

LINGER_SECONDS = 1.0
"""How long data of a refused connection is discarded, so that the client can read the reason."""

DISCARD_SECONDS = 3.0
"""How long the rest of a request is read after its response, before the connection is closed.

Closing it at once would reset the connection, and the response would be lost on the way."""

MAX_LINGERING = 32
"""Connections beyond the limit; each takes a file descriptor for `LINGER_SECONDS`."""

STOP_SECONDS = 1.0
"""How long a request may still arrive once the service is stopping."""

PROXY_KEEPALIVE_SECONDS = 3600
"""Longer than any proxy keeps an idle connection: a request never meets a closing connection."""


class Stage(Enum):
    """The part of a request that is arriving."""

    NOTHING = auto()
    HEAD = auto()
    BODY = auto()


def bounded(bounds: ConnectionLimits) -> type["BoundedProtocol"]:
    """Return a protocol class with these limits; uvicorn takes a class."""
    return type("Bounded", (BoundedProtocol,), {"bounds": bounds})


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    bounds: ConnectionLimits
    stopping = False
    """Whether the service stops: every response that begins from now on ends its connection."""

    @classmethod
    def announce_stop(cls, connections: Iterable[asyncio.Protocol]) -> None:
        """End every connection with its next response, also connections made from now on."""
        cls.stopping = True
        for connection in connections:
            if isinstance(connection, BoundedProtocol) and connection.cycle is not None:
                connection.cycle.keep_alive = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Accept the connection, unless there are too many."""
        super().connection_made(transport)
        self._response_transport: Any = _ResponseTransport(self)
        if self.client is not None and self.client[0] in self.bounds.proxies:
            self.timeout_keep_alive = PROXY_KEEPALIVE_SECONDS
        self._arrival = Deadline(self.loop, self._timed_out)
        self._reading = Deadline(self.loop, self._write_timed_out)
        self._stage = Stage.NOTHING
        self._running: RequestResponseCycle | None = None
        self._closing = False
        self._discarding = False
        self._discarded_bytes = 0
        self._invalid = "this is not a valid HTTP/1.1 request (RFC 9112)"
        self._progressed = False
        self._silent_bytes = self._unread_bytes = self._ahead_bytes = 0
        excess = len(self.connections) - self.bounds.connections
        if excess <= 0:
            self._expect_within(self.bounds.header_timeout_seconds)
            return
        self._refuse(503, f"the maximum of {self.bounds.connections} open connections is reached")
        if excess > MAX_LINGERING:
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timers."""
        self._arrival.close()
        self._reading.close()
        running = self._running
        if running is not None and not running.response_complete:
            running.disconnected = True  # uvicorn does so for the last request of a pipeline
            running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and count the bytes that it takes without an event."""
        if self._closing:
            return
        if self._discarding:
            self._discarded_bytes += len(data)
            if self._discarded_bytes > self.bounds.discarded_bytes:
                self.transport.close()
                return
        self._progressed = False
        super().data_received(data)
        self._silent_bytes = 0 if self._progressed else self._silent_bytes + len(data)
        self._ahead_bytes = self._ahead_bytes + len(data) if self.pipeline else 0
        if self.pipeline and self._ahead_bytes <= self.bounds.head_bytes:
            self.flow.resume_reading()  # which uvicorn has paused: the client may leave
        if self._silent_bytes > self.bounds.head_bytes:
            self._refuse(431, f"the head of a request may have {self.bounds.head_bytes:,} bytes")
        elif self._idle() and not self._arrival.pending:
            self._expect_within(self.bounds.header_timeout_seconds)  # empty lines keep nothing open

    def on_message_begin(self) -> None:
        """Start the timeout of the head."""
        super().on_message_begin()
        self._stage = Stage.HEAD
        self._progressed = True
        self._expect_within(self.bounds.header_timeout_seconds)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the headers of the head; a trailer comes after they were checked."""
        if self._stage is Stage.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check target and host, and start the timeout of the body."""
        try:
            if self._discarding:
                raise InvalidTarget("the previous response closes the connection")
            self.url = origin_form(self.url, self.headers, self.parser.get_http_version())
        except InvalidTarget as error:
            self._invalid += f": {error}"
            raise
        self._stage = Stage.BODY
        self._progressed = True
        self._expect_within(self.bounds.body_timeout_seconds)
        super().on_headers_complete()
        self.cycle.transport = self._response_transport
        if self.stopping or self.parser.should_upgrade():
            self.cycle.keep_alive = False  # we stay with HTTP/1.1, the parser would go no further

    def on_body(self, body: bytes) -> None:
        """Note that the body arrives."""
        self._progressed = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Clear the timeout; the request has arrived."""
        self._stage = Stage.NOTHING
        self._arrival.clear()
        super().on_message_complete()
        if self._discarding:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem document in place of `msg`."""
        self._refuse(400, self._invalid)

    def _unsupported_upgrade_warning(self) -> None:
        """Do not log: answering in HTTP/1.1 is what RFC 9110 (7.8) allows."""

    def pause_writing(self) -> None:
        """Start the timeout of a client that reads slowly."""
        super().pause_writing()
        self._unread_bytes = self.transport.get_write_buffer_size()
        self._reading.set(self.bounds.reading_seconds)

    def resume_writing(self) -> None:
        """Clear the timeout; the client has caught up."""
        self._reading.clear()
        super().resume_writing()

    def on_response_complete(self) -> None:
        """Start the next request, or read the rest of this one."""
        if self._discarding:
            self.flow.resume_reading()
            return
        super().on_response_complete()

    def shutdown(self) -> None:
        """Answer requests that have arrived or arrive soon, and end every other connection."""
        self.stopping = True
        is_new = self._running is None and not self._closing
        if self._discarding or is_new or self._stage is not Stage.NOTHING:
            self._arrival.set(STOP_SECONDS)
        # A client that has just connected, or has sent a part of a request, cannot expect the stop.
        if not is_new and self._stage is not Stage.HEAD:
            super().shutdown()

    def close_after_request(self) -> None:
        """Close the connection once the rest of the request is read, up to limits."""
        if self._closing or self._stage is Stage.NOTHING:
            self.transport.close()
            return
        self._discarding = True
        self.transport.write_eof()
        self._arrival.set(DISCARD_SECONDS)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        framed: Any = with_correct_framing(app, cycle)
        super()._start_asgi_task(cycle, framed)

    def _expect_within(self, seconds: float) -> None:
        self._arrival.set(min(seconds, STOP_SECONDS) if self.stopping else seconds)

    def _idle(self) -> bool:
        answered = self._running is None or self._running.response_complete
        return answered and self._stage is Stage.NOTHING

    def _timed_out(self) -> None:
        if self._closing or self._discarding or self._stage is Stage.NOTHING:
            self.transport.close()
        elif self.stopping:
            self._refuse(503, "the service is stopping")
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
        """Read no more requests and answer with a problem document, in these four cases.

        No request is being answered: send it. The response of a complete request is pending: that
        one is sent, and the connection closed. The current request itself is incomplete: send the
        problem in place of its response. Its response was sent already: only close.
        """
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


class _ResponseTransport:
    """The transport as uvicorn writes a response to it; closing waits for the whole request."""

    def __init__(self, protocol: BoundedProtocol) -> None:
        self._protocol = protocol

    def write(self, data: bytes) -> None:
        """Write to the connection."""
        self._protocol.transport.write(data)

    def is_closing(self) -> bool:
        """Whether the connection is closed or about to be."""
        return self._protocol.transport.is_closing()

    def close(self) -> None:
        """Close the connection after the request."""
        self._protocol.close_after_request()
