"""The bodies of all requests together are bounded: one too many is refused, and may come again."""

import json

import httpx
from served import served

from tests.security.wire import Line

BYTES = 1_000_000


def begin(line, size, sent):
    head = (
        "POST /forward HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {size}\r\nConnection: close\r\n\r\n"
    )
    return line.send(head.encode() + b" " * sent)


def test_bodies_that_together_are_too_large_are_refused_and_room_comes_back(tmp_path):
    limits = {"max_body_bytes": BYTES, "max_total_body_bytes": BYTES}
    with served(tmp_path, **limits) as server:
        port = int(server.address.rsplit(":", 1)[1])
        with Line(port) as first:
            begin(first, 700_000, 600_000)
            # A header alone reserves nothing that was not announced: this one fits beside it.
            small = httpx.post(server.address + "/forward", json={})
            assert small.status_code == 422
            with Line(port) as second:
                begin(second, 700_000, 600_000)
                (answer,) = second.answers("POST")
            assert answer.status == 503
            assert "memory for request bodies" in json.loads(answer.body)["detail"]
            assert int(answer.headers["retry-after"]) > 0
            first.send(b" " * 100_000)
            (finished,) = first.answers("POST")
            assert finished.status == 422  # blanks are no JSON, but they were all read
        with Line(port) as third:
            begin(third, 700_000, 700_000)
            (answer,) = third.answers("POST")
            assert answer.status == 422
