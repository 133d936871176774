"""Errors in the form of the protocol: `{"error": sentence}`."""

import json

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.problems import MEDIA_TYPE
from service.http.scope import path_of
from service.serialization.json_writer import to_json

PREFIX = "/v2"
BAD_REQUEST = 400
"""What the protocol expects where a problem document has 422."""


class InvalidInference(Exception):
    """A request that is not one of the protocol, or does not fit the model."""


class InferenceErrorMiddleware:
    """ASGI middleware: every problem document below `/v2` becomes an error of the protocol.

    It stands outside everything that may refuse a request: authentication, limits, routing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite problem documents, and pass on everything else."""
        if scope["type"] != "http" or not is_inference(path_of(scope)):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        parts: list[bytes] = []

        async def rewrite(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(MEDIA_TYPE):
                    start = message
                    return
            elif start is not None:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await _send_error(start, b"".join(parts), send)
                return
            await send(message)

        await self._app(scope, receive, rewrite)


def is_inference(path: str) -> bool:
    """Whether a path of the service belongs to the protocol."""
    return path == PREFIX or path.startswith(PREFIX + "/")


async def _send_error(start: Message, problem: bytes, send: Send) -> None:
    # HEAD has no body, and its headers stay as they are.
    body = to_json({"error": json.loads(problem)["detail"]}) if problem else b""
    headers = MutableHeaders(scope=start)
    headers["content-type"] = "application/json"
    if body:
        headers["content-length"] = str(len(body))
    if start["status"] == 422:
        start["status"] = BAD_REQUEST
    await send(start)
    await send({"type": "http.response.body", "body": body})
