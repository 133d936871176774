"""Security headers of every response (OWASP Secure Headers), and CORS."""

from collections.abc import Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; sandbox",
}
"""The default policy forbids everything; pages set a policy of their own."""


class SecurityHeadersMiddleware:
    """ASGI middleware: adds the headers that the response does not have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def send_strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = dict(message["headers"])
                message["headers"] = [
                    *message["headers"],
                    *(header for header in STRICT.items() if header[0] not in said),
                ]
            await send(message)

        await self._app(scope, receive, send_strictly)


def cors(origins: Sequence[str]) -> dict[str, Any]:
    """For Starlette's `CORSMiddleware`: no cookies, and the header fields of the contract."""
    return {
        "allow_origins": origins,
        "allow_methods": ["GET", "POST", "DELETE"],
        "allow_headers": [
            "Authorization",
            "Content-Encoding",
            "Content-Type",
            "Idempotency-Key",
            "If-None-Match",
            "Last-Event-ID",
            "Prefer",
            "X-Request-Id",
        ],
        "expose_headers": [
            "ETag",
            "Location",
            "Preference-Applied",
            "RateLimit",
            "RateLimit-Policy",
            "Retry-After",
            "X-Request-Id",
        ],
    }
