"""Conversations that no well-behaved client would have: bytes in pieces, made from a seed."""

import gzip
import json
import zlib
from collections.abc import Callable
from random import Random

from tests.security.fuzz import values
from tests.service.questions import RIGHT

JOB = "/train/" + "0" * 32
ADDRESSES = [
    *RIGHT,
    "/train/estimate",
    "/train",
    JOB,
    *(JOB + part for part in ("/history", "/network", "/plot", "/steps/1", "/events", "/cancel")),
    "/datasets",
    "/datasets/moons?samples=20&noise=0.1&seed=1",
    "/health/live",
    "/metrics",
    "/docs",
    "/openapi.json",
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get"]
HEADERS = [
    b"Accept: image/png;q=0.1, text/html;q=2, */*;q=nan\r\n",
    b"Accept: \r\n",
    b"Accept-Encoding: gzip;q=0\r\n",
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n",
    b"Content-Type: application/json; charset=utf-16\r\n",
    b"Expect: 100-continue\r\n",
    b"Idempotency-Key: " + b"k" * 300 + b"\r\n",
    b'If-None-Match: W/"", *, "\r\n',
    b"Last-Event-ID: -1\r\n",
    b"Prefer: wait=999999999999\r\n",
    b"Range: bytes=9-1\r\n",
    b"X-Request-Id: \xff\xfe\r\n",
    b"Cookie: " + b"c=1; " * 1000 + b"\r\n",
    b"Host: evil.example\r\n",
]
Pieces = list[bytes]


def request(
    random: Random, method: str, address: str, body: bytes | None = None, coding: bytes = b""
) -> bytes:
    """A request that is HTTP, whatever else it is; the connection ends with its answer."""
    head = f"{method} {address} HTTP/1.1\r\n".encode("latin-1", "replace")
    fields = [b"Host: localhost\r\n", b"Connection: close\r\n"]
    if random.random() < 0.3:
        fields.append(random.choice(HEADERS))
    if coding:
        fields.append(b"Content-Encoding: %b\r\n" % coding)
    if body is not None:
        fields += [
            b"Content-Type: application/json\r\n",
            b"Content-Length: %d\r\n" % len(body),
        ]
    return head + b"".join(fields) + b"\r\n" + (body or b"")


def _question(random: Random) -> tuple[str, bytes]:
    address, question = random.choice(list(RIGHT.items()))
    if random.random() < 0.2:
        return address, json.dumps(question).encode()
    return address, values.changed(random, question)


def questions(random: Random) -> Pieces:
    """A wrong value in a right question."""
    address, body = _question(random)
    return [request(random, "POST", address, body)]


def addresses(random: Random) -> Pieces:
    """Any method, at an address that exists or not."""
    address = random.choice(ADDRESSES)
    if random.random() < 0.5:
        quoted = "".join(f"%{byte:02x}" for byte in values.text(random).encode())
        address = random.choice(
            [f"/{quoted}", f"{address}/{quoted}", f"{address}?{quoted}={quoted}"]
        )
    return [request(random, random.choice(METHODS), address)]


def mutations(random: Random) -> Pieces:
    """A request whose bytes were changed on the way."""
    data = bytearray(*questions(random))
    for _ in range(random.randrange(1, 6)):
        place = random.randrange(len(data))
        match random.randrange(4):
            case 0:
                data[place] = random.randrange(256)
            case 1:
                del data[place : place + random.randrange(1, 20)]
            case 2:
                data[place:place] = random.randbytes(random.randrange(1, 10))
            case _:
                data[place:place] = data[place : place + random.randrange(1, 200)]
        if not data:
            break
    return [bytes(data)]


def wrong_lengths(random: Random) -> Pieces:
    """A body that is shorter or longer than it says."""
    address, body = _question(random)
    right = request(random, "POST", address, body)
    said = random.choice([0, len(body) // 2, len(body) + 1, 2**31, 2**63, 2**64, -1])
    return [right.replace(b"Length: %d\r" % len(body), b"Length: %d\r" % said)]


def chunks(random: Random) -> Pieces:
    """A body in chunks, some of which are none."""
    address, body = _question(random)
    head, _, _ = request(random, "POST", address, b"").partition(b"Content-Length")
    pieces = [head + b"Transfer-Encoding: chunked\r\n\r\n"]
    while body and len(pieces) < 50:
        size = random.randrange(1, 1 + max(1, len(body)))
        length = size + random.choice([0] * 20 + [1, -1])
        extension = random.choice([b""] * 10 + [b";x=y", b";" * 100, b"\x00"])
        pieces.append(b"%x%b\r\n%b\r\n" % (max(0, length), extension, body[:size]))
        body = body[size:]
    pieces.append(random.choice([b"0\r\n\r\n", b"0\r\nA: b\r\n\r\n", b"0\r\n", b"", b"-1\r\n"]))
    return pieces


def half_requests(random: Random) -> Pieces:
    """A request that ends somewhere, and a client that waits."""
    (whole,) = questions(random)
    return [whole[: random.randrange(1, len(whole))]]


def slow_requests(random: Random) -> Pieces:
    """A request in small pieces."""
    (whole,) = questions(random)
    size = max(1, len(whole) // random.randrange(2, 12))
    return [whole[start : start + size] for start in range(0, len(whole), size)]


def pipelines(random: Random) -> Pieces:
    """Several requests before the first is answered; the last may be anything."""
    stay = [request(random, "GET", "/health/live").replace(b"close", b"keep-alive")]
    last = random.choice([questions, addresses, mutations, garbage])(random)
    return [b"".join(stay * random.randrange(1, 20) + last)]


def encoded(random: Random) -> Pieces:
    """A body as gzip or deflate, or something like that."""
    address, body = _question(random)
    if random.random() < 0.1:
        body = b"[" + b"0," * 2**21 + b"0]"
    coding, encode = random.choice([(b"gzip", gzip.compress), (b"deflate", zlib.compress)])
    content = bytearray(encode(body))
    if random.random() < 0.5:
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    if random.random() < 0.2:
        del content[random.randrange(len(content)) :]
    return [request(random, "POST", address, bytes(content), coding)]


def garbage(random: Random) -> Pieces:
    """No HTTP at all."""
    return [random.randbytes(random.randrange(1, 2000))]


ATTACKS: list[Callable[[Random], Pieces]] = [
    questions,
    questions,
    questions,
    addresses,
    mutations,
    wrong_lengths,
    chunks,
    half_requests,
    slow_requests,
    pipelines,
    encoded,
    garbage,
]
