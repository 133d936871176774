"""A client that costs little, so that a measurement is of the server: bytes over a socket."""

import asyncio
from http.client import HTTPConnection
from time import perf_counter

HEADERS = {"Content-Type": "application/json"}


def call(
    address: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> bytes:
    """The body of the answer 200 or 202; one connection, one request."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.request(method, path, body or None, HEADERS | (headers or {}))
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status not in (200, 202):
        raise RuntimeError(f"{method} {path}: {response.status} {content[:300]!r}")
    return content


class _Repeat(asyncio.Protocol):
    """Sends the same request again as soon as it is answered, until it is stopped."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = b""
        self.answers = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._transport.write(self._request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found or len(rest) < _content_length(head):
            return
        if b" 200 " not in head[:20]:
            raise RuntimeError(self._received[:300])
        self._received = b""
        self.answers += 1
        self._transport.write(self._request)  # type: ignore[attr-defined]


def _content_length(head: bytes) -> int:
    _, _, after = head.lower().partition(b"content-length:")
    return int(after.split(b"\r\n", 1)[0])


def requests_per_second(
    address: str, method: str, path: str, body: bytes = b"", *, seconds: float, connections: int = 8
) -> float:
    """How often the server answers, kept busy over a number of connections that stay open."""
    host, port = address.removeprefix("http://").split(":")
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def measure() -> float:
        loop = asyncio.get_running_loop()
        made = [
            await loop.create_connection(lambda: _Repeat(request), host, int(port))
            for _ in range(connections)
        ]
        await asyncio.sleep(0.2 * seconds)  # warm
        before, begin = sum(repeat.answers for _, repeat in made), perf_counter()
        await asyncio.sleep(seconds)
        done = sum(repeat.answers for _, repeat in made) - before
        elapsed = perf_counter() - begin
        for transport, _ in made:
            transport.abort()
        return done / elapsed

    return asyncio.run(measure())
