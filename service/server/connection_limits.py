"""Limits of connections: their number, their timeouts, the size of a request head."""

from dataclasses import dataclass, field

from service.server.file_descriptors import connections_possible
from service.server.reverse_proxy import TrustedProxies
from service.settings import Settings


@dataclass(frozen=True)
class ConnectionLimits:
    """The number of connections, and for how long and for how much each may be unfinished."""

    connections: int
    header_timeout_seconds: float
    """For the request line and the headers, from the first byte or the opening on."""
    body_timeout_seconds: float
    reading_seconds: float = 30.0
    """For which a client may read nothing of a response."""
    head_bytes: int = 64 * 1024
    """Of request line and headers; common servers take 8 to 64 KiB."""
    discarded_bytes: int = 2**21
    """Of the rest of a refused request, read so that the client can read the response."""
    proxies: TrustedProxies = field(default_factory=lambda: TrustedProxies(()))
    """They close idle connections themselves."""

    @staticmethod
    def of(settings: Settings) -> "ConnectionLimits":
        """The limits of the settings, as far as the operating system allows them."""
        return ConnectionLimits(
            connections_possible(settings.max_connections),
            settings.header_timeout_seconds,
            settings.body_timeout_seconds,
            discarded_bytes=2 * max(settings.max_body_bytes, 2**20),
            proxies=TrustedProxies(settings.proxy_networks),
        )
