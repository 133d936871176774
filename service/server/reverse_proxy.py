"""Requests that come through a reverse proxy: the client's address, the scheme, the root path."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send

from service.http.scope import get_header

SCHEMES = frozenset({"http", "https"})


class TrustedProxies:
    """Addresses and networks whose `X-Forwarded-*` headers are believed.

    Raises `ValueError` for what is neither an address nor a network.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ip_network(network, strict=False) for network in networks)
        self._trusted = lru_cache(maxsize=1000)(self._contains)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: str) -> bool:
        return self._trusted(address)

    def _contains(self, address: str) -> bool:
        parsed = _address(address)
        return parsed is not None and any(parsed in network for network in self._networks)


class ForwardedMiddleware:
    """ASGI middleware: replaces a trusted proxy's address and scheme by those of its client.

    Each proxy appends the address of its peer to `X-Forwarded-For`; the client is the last address
    that no trusted proxy has. What an untrusted client sends there is never used.
    """

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Replace `client` and `scheme` of the scope."""
        peer = (scope.get("client") or ("",))[0]
        if scope["type"] == "http" and peer in self._proxies:
            scope["client"] = (self._client(scope, peer), 0)
            scheme = get_header(scope["headers"], b"x-forwarded-proto").strip().lower()
            if scheme in SCHEMES:
                scope["scheme"] = scheme
        await self._app(scope, receive, send)

    def _client(self, scope: Scope, peer: str) -> str:
        fields = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        client = peer
        for hop in reversed(b",".join(fields).decode("latin-1").split(",")):
            address = _address(hop.strip())
            if address is None:
                break
            client = str(address)
            if client not in self._proxies:
                break
        return client


class RootPathMiddleware:
    """ASGI middleware: accepts paths from proxies that keep the root path and that strip it.

    The server puts `root_path` in front of every path; where the proxy has kept it, it is there
    twice.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._twice = 2 * root_path
        self._length = len(root_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Remove the second root path."""
        path = scope.get("path", "")
        if path == self._twice or path.startswith(self._twice + "/"):
            scope["path"] = path[self._length :]
            scope["raw_path"] = scope["raw_path"][self._length :]
        await self._app(scope, receive, send)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in an entry of `X-Forwarded-For`, which may have a port."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
