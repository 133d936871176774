"""How much one client may leave open."""

from dataclasses import dataclass

from service.server.file_descriptors import connections_possible
from service.settings import Settings


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections there may be, and for how many seconds each may keep us waiting."""

    connections: int
    header_timeout_seconds: float
    """For the request line and the headers, from the first byte or the opening on."""
    body_timeout_seconds: float
    reading_seconds: float = 30.0
    """Without taking in any of the answer."""
    head_bytes: int = 64 * 1024
    """Of request line and headers; common servers take 8 to 64 KiB."""

    @staticmethod
    def of(settings: Settings) -> "ConnectionLimits":
        """As the operator wants them, and the operating system allows."""
        return ConnectionLimits(
            connections_possible(settings.max_connections),
            settings.header_timeout_seconds,
            settings.body_timeout_seconds,
        )
