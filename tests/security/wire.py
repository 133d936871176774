"""Bytes to a socket and back; the answers are read by h11, which is strict and not ours."""

import socket
import time
from dataclasses import dataclass

import h11

from tests.patience import patience

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Answer:
    """One answer of a connection."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line:
    """A connection to a service, as a client of any manners has it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(
            ("127.0.0.1", port), timeout=patience(PATIENCE_SECONDS)
        )
        self._methods: list[str] = []

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *pieces: bytes, pause: float = 0.0) -> bool:
        """Send the pieces one by one; says whether the other end took them all."""
        try:
            for piece in pieces:
                self.socket.sendall(piece)
                time.sleep(pause)
        except OSError:
            return False
        return True

    def ended(self) -> bytes:
        """Everything there is to read until the other end closes."""
        received = bytearray()
        while chunk := self._receive():
            received += chunk
        return bytes(received)

    def answers(self, *methods: str) -> list[Answer]:
        """All answers until the other end closes, to requests with these methods."""
        return parsed(self.ended(), methods or ("GET",))

    def _receive(self) -> bytes:
        try:
            return self.socket.recv(65536)
        except ConnectionResetError:
            return b""


def parsed(received: bytes, methods: tuple[str, ...]) -> list[Answer]:
    """The answers in the bytes, and nothing else may be in them; the last method stands on."""
    answers: list[Answer] = []
    while received:
        client = h11.Connection(h11.CLIENT)
        method = methods[min(len(answers), len(methods) - 1)]
        client.send(h11.Request(method=method, target="/", headers=[("Host", "x")]))
        client.send(h11.EndOfMessage())
        client.receive_data(received)
        answers.append(_answer(client))
        received = client.trailing_data[0]
    return answers


def _answer(client: h11.Connection) -> Answer:
    head = client.next_event()
    while isinstance(head, h11.InformationalResponse):
        head = client.next_event()
    assert isinstance(head, h11.Response), head
    body = bytearray()
    while isinstance(event := client.next_event(), h11.Data):
        body += event.data
    if event is h11.NEED_DATA:
        client.receive_data(b"")
        event = client.next_event()
    assert isinstance(event, h11.EndOfMessage), event
    headers = {name.decode(): value.decode() for name, value in head.headers}
    return Answer(head.status_code, headers, bytes(body))
