"""Listening sockets, opened before the service starts."""

import socket
from typing import Any

BACKLOG = 2048
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
"""The address of this machine for the one that stands for all its addresses."""


class CannotListen(Exception):
    """The address is taken, or is not one of this machine."""


def listen(host: str, port: int, processes: int) -> list[list[socket.socket]]:
    """Return for each process its sockets, one for each address of the host.

    The sockets of several processes share the port (SO_REUSEPORT): the kernel distributes
    connections among them. They belong to the process that calls this, so none of the connections
    is lost while another process is replaced. Raises `CannotListen`.
    """
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        addresses = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
        first = [_bind(family, address, shared=False) for family, address in addresses]
        if processes == 1:
            return [first]
        bound = [(one.family, one.getsockname()) for one in first]
        for probe in first:  # it has shown that no other service has the port
            probe.close()
        return [
            [_bind(family, address, shared=True) for family, address in bound]
            for _ in range(processes)
        ]
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotListen(f"cannot listen on {host}:{port}: {reason.lower()}") from None


def _bind(family: int, address: Any, *, shared: bool) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        opened.bind(address)
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    opened.setblocking(False)
    opened.set_inheritable(shared)
    return opened


def addresses_of(listeners: list[socket.socket]) -> list[str]:
    """Return the addresses as URLs that a browser on this machine can open."""
    names = (listener.getsockname()[:2] for listener in listeners)
    local = ((LOOPBACK.get(host, host), port) for host, port in names)
    return [f"http://{f'[{host}]' if ':' in host else host}:{port}" for host, port in local]
