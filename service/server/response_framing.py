"""Corrections of uvicorn's response framing where RFC 9110 and 9112 ask for something else."""

from math import inf
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


def with_correct_framing(app: ASGIApp, cycle: RequestResponseCycle) -> ASGIApp:
    """Return the application as `cycle` has to run it.

    A response to HTTP/1.0 is never chunked; its end is the end of the connection (RFC 9112, 6.1). A
    final response in place of `100 Continue` ends the connection: the client may or may not send
    the body that it had announced (RFC 9110, 10.1.1).
    """
    is_old = cycle.scope["http_version"] == "1.0"
    if not (is_old or cycle.waiting_for_100_continue):
        return app

    async def framed(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                if cycle.waiting_for_100_continue:
                    cycle.keep_alive = False
                if is_old and not _has_length(message):
                    cycle.chunked_encoding = False
                    cycle.expected_content_length = _UNKNOWN
            elif cycle.expected_content_length == inf and not message.get("more_body", False):
                cycle.expected_content_length = len(message.get("body", b""))
            await send(message)

        await app(scope, receive, send_framed)

    return framed


_UNKNOWN: Any = inf
"""uvicorn subtracts from it what was sent, and stays within it."""


def _has_length(message: Message) -> bool:
    return any(name.lower() == b"content-length" for name, _ in message["headers"])
