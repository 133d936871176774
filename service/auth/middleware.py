"""Authentication and rate-limiting middleware."""

import time
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.auth.caller import ANONYMOUS, ANONYMOUS_CALLER, Caller
from service.auth.key_file import KeyFile
from service.auth.rate_limit import Policy, RateLimited, TokenBuckets
from service.http.problems import problem_response
from service.http.scope import get_header, path_of
from service.settings import Settings

PUBLIC = ("/health/", "/about", "/docs", "/openapi.json", "/static/")
"""Paths that need no key: probes, the documentation and the page."""

PAGE = "/"

NOT_NOW = 503
"""Refusals for lack of capacity, which are not charged."""

log = structlog.get_logger()


def is_public(path: str) -> bool:
    """Whether this is answered without a key."""
    return path == PAGE or path.startswith(PUBLIC)


class AuthMiddleware:
    """ASGI middleware: leaves the `Caller` in the scope."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._keys = KeyFile(Path(settings.api_keys_file)) if settings.api_keys_file else None
        self._only_here = self._keys is None and not settings.allow_anonymous
        minute = Policy("requests", settings.requests_per_minute, 60)
        hour = Policy("operations", settings.operations_per_hour, 3600)
        self._requests = TokenBuckets(minute, time.monotonic)
        self._operations = TokenBuckets(hour, time.monotonic)
        self._policies = f"{minute.field}, {hour.field}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Authenticate, apply the rate limits, and call the application or refuse."""
        if scope["type"] != "http" or is_public(path_of(scope)):
            await self._app(scope, receive, send)
            return
        try:
            found = self._caller(scope)
        except (OSError, ValueError) as error:
            log.error("the file of API keys cannot be read", error=str(error))
            found = problem_response(503, "API keys cannot be checked now")
        if isinstance(found, Response):
            await found(scope, receive, send)
            return
        scope["caller"] = found
        if found.requests is not None:
            send = self._with_rate_limit_headers(found, send)
            try:
                found.requests.take(1)
            except RateLimited as exhausted:
                await _too_many(exhausted)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _caller(self, scope: Scope) -> Caller | Response:
        if self._keys is not None:
            scheme, _, key = get_header(scope["headers"], b"authorization").partition(" ")
            key = key.strip() if scheme.lower() == "bearer" else ""
            name = self._keys.holder(key)
            if name is None:
                return _unknown()
            return replace(self._counted(name, name), is_known=lambda: self._holds(key, name))
        if self._only_here:
            host = get_header(scope["headers"], b"host", "localhost")
            return ANONYMOUS_CALLER if is_loopback(_name(host)) else _misdirected(host)
        address = (scope.get("client") or ("",))[0]
        return self._counted(ANONYMOUS, address)

    def _holds(self, key: str, name: str) -> bool:
        """Whether the key still belongs to `name`; an unreadable key file changes nothing."""
        try:
            return self._keys is None or self._keys.holder(key) == name
        except (OSError, ValueError):
            return True

    def _counted(self, name: str, counted_as: str) -> Caller:
        return Caller(name, self._requests.of(counted_as), self._operations.of(counted_as))

    def _with_rate_limit_headers(self, caller: Caller, send: Send) -> Send:
        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == NOT_NOW:
                    caller.refund()
                headers = MutableHeaders(scope=message)
                left = (bucket.field for bucket in (caller.requests, caller.operations) if bucket)
                headers["ratelimit-policy"] = self._policies.decode()
                headers["ratelimit"] = ", ".join(left)
            await send(message)

        return send_with_limits


@lru_cache(maxsize=100)
def is_loopback(host: str) -> bool:
    """Whether this name or address is of the loopback interface."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """The name in a `Host` field, without the port and the brackets of IPv6."""
    host = host.lower()
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _unknown() -> Response:
    return problem_response(
        401,
        "an API key is required: Authorization: Bearer chainrule_…",
        headers={"WWW-Authenticate": 'Bearer realm="chainrule"'},
    )


def _misdirected(host: str) -> Response:
    """Refuse a foreign name for this machine, as in a DNS rebinding attack."""
    return problem_response(
        421, f"without API keys the service answers to localhost only, not to {host[:200]}"
    )


def _too_many(exhausted: RateLimited) -> Response:
    return problem_response(
        429, str(exhausted), headers={"Retry-After": str(exhausted.retry_after_seconds)}
    )
