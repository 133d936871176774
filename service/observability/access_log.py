"""Access log: an identifier, a log line and metrics for every request."""

import re
from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.auth.caller import ANONYMOUS_CALLER, Caller
from service.http.scope import get_header, path_of
from service.observability.request_metrics import RequestMetrics, RequestRecord

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
UNLOGGED_PATHS = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Paths of probes, which are polled often and logged only when they fail."""
MAX_LOGGED_CHARS = 200
"""Maximum length of a logged text that the client chooses."""
CLIENT_CLOSED_REQUEST = 499
"""Logged status where the client disconnected before a response, as in nginx."""

log = structlog.get_logger()


class AccessLogMiddleware:
    """ASGI middleware around all others. The line has no header, no query and no body."""

    def __init__(self, app: ASGIApp, measures: RequestMetrics) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application, then log the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = _ObservedRequest(scope, receive, send)
        self._measures.in_flight.inc()
        # The server gives every request a task, and with it a context, of its own.
        structlog.contextvars.bind_contextvars(request_id=watched.id)
        try:
            await self._app(scope, watched.receive, watched.send)
        except Exception:
            watched.status = 500  # answered further out
            raise
        finally:
            answered = watched.answered()
            self._measures.in_flight.dec()
            self._measures.count(answered)
            watched.write_line(answered)


class _ObservedRequest:
    """What is measured of one request."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._begin = perf_counter()
        self._started = datetime.now(UTC).isoformat()
        self._bytes_in = self._bytes_out = 0
        self._location = ""
        self._has_left = False
        self.status = CLIENT_CLOSED_REQUEST
        given = get_header(scope["headers"], b"x-request-id")
        self.id = given if REQUEST_ID.fullmatch(given) else token_hex(16)

    async def receive(self) -> Message:
        message = await self._receive()
        self._has_left = self._has_left or message["type"] == "http.disconnect"
        self._bytes_in += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if not self._has_left:
                self.status = message["status"]
            headers = message["headers"] = list(message.get("headers", ()))
            headers.append((b"x-request-id", self.id.encode()))
            self._location = get_header(headers, b"location")
        self._bytes_out += len(message.get("body", b""))
        await self._send(message)

    def answered(self) -> RequestRecord:
        route = self._scope.get("route")
        mounted = self._scope.get("app_root_path") is not None
        return RequestRecord(
            method=self._scope["method"],
            route=route.path if route else "/static" if mounted else "other",
            status=self.status,
            seconds=perf_counter() - self._begin,
            bytes_in=self._bytes_in,
            bytes_out=self._bytes_out,
        )

    def write_line(self, answered: RequestRecord) -> None:
        if self.status == 200 and path_of(self._scope) in UNLOGGED_PATHS:
            return
        caller: Caller = self._scope.get("caller", ANONYMOUS_CALLER)
        log.info(
            "request",
            started=self._started,
            method=answered.method,
            path=self._scope["path"][:MAX_LOGGED_CHARS],
            status=answered.status,
            seconds=round(answered.seconds, 6),
            bytes_in=answered.bytes_in,
            bytes_out=answered.bytes_out,
            client=(self._scope.get("client") or ("",))[0],
            caller=caller.name,
            job=self._job(),
        )

    def _job(self) -> str | None:
        job: str | None = self._scope.get("path_params", {}).get("id")
        return (job or self._location.rpartition("/")[2])[:MAX_LOGGED_CHARS] or None
