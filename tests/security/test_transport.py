"""Nothing that a client leaves open stays open, and what is not HTTP is refused as a problem."""

import json
import time

import pytest

from service.server import protocol
from service.server.connection_limits import ConnectionLimits
from tests.patience import patience
from tests.security.small_service import served
from tests.security.wire import Line

SECONDS = patience(0.25, at_most=1.0)
BOUNDS = ConnectionLimits(
    connections=20,
    header_timeout_seconds=SECONDS,
    body_timeout_seconds=2 * SECONDS,
    reading_seconds=SECONDS,
    head_bytes=4096,
)
PATIENT = ConnectionLimits(20, header_timeout_seconds=60.0, body_timeout_seconds=60.0)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    with served(BOUNDS) as (port, _):
        yield port


@pytest.fixture
def line(port):
    with Line(port) as line:
        yield line


def refused(answer, status, words=""):
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    document = json.loads(answer.body)
    assert document["status"] == status
    assert words in document["detail"]
    return answer


def seen(answer):
    assert answer.status == 200
    return json.loads(answer.body)


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00" * 100,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS greeting
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\n : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: \x00\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"G\x80T / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 0x4\r\n\r\nabcd",
        CHUNKED + b"zz\r\nabc\r\n",
        CHUNKED + b"-1\r\nabc\r\n",
        CHUNKED + b"fffffffffffffffff\r\n",
        CHUNKED + b"3\r\nabcdef\r\n",
    ],
    ids=lambda garbage: repr(garbage)[2:22],
)
def test_what_is_not_http_is_refused_with_a_problem(line, garbage):
    line.send(garbage)
    (answer,) = line.answers()
    refused(answer, 400, "HTTP/1.1")


def test_garbage_without_end_is_refused_once(line, caplog):
    line.send(b"\x00" * 10 * BOUNDS.head_bytes)
    (answer,) = line.answers()
    refused(answer, 400)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_who_says_nothing_is_told_nothing(line):
    begin = time.monotonic()
    assert line.ended() == b""
    assert 0.9 * SECONDS < time.monotonic() - begin < patience(10 * SECONDS)


def test_who_sends_empty_lines_only_is_told_nothing(line):
    line.send(*20 * [b"\r\n"], pause=SECONDS / 10)
    assert line.ended() == b""


def test_empty_lines_after_an_answer_keep_nothing_open(line):
    line.send(GET, *20 * [b"\r\n"], pause=SECONDS / 10)
    (answer,) = line.answers()
    seen(answer)


@pytest.mark.parametrize("head", [GET[:10], GET[:-2], POST[:-10]])
def test_a_head_has_to_arrive_in_time(line, head):
    pieces = (head[i : i + 1] for i in range(len(head)))
    line.send(*pieces, pause=SECONDS / 4)
    (answer,) = line.answers()
    refused(answer, 408, "head")


@pytest.mark.parametrize("start", [POST, POST + b"ab", CHUNKED, CHUNKED + b"4\r\nab"])
def test_a_body_has_to_arrive_in_time(line, start):
    line.send(start)
    (answer,) = line.answers()
    refused(answer, 408, "body")


def test_a_body_in_drops_is_no_excuse(line):
    line.send(POST.replace(b" 4", b" 1000"), *100 * [b"x"], pause=SECONDS / 10)
    (answer,) = line.answers()
    refused(answer, 408, "body")


def test_a_body_that_nobody_reads_keeps_nothing_open_either(line):
    line.send(POST.replace(b"/ ", b"/deaf ").replace(b" 4", b" 1000"))
    line.send(*100 * [b"x"], pause=SECONDS / 10)
    (answer,) = line.answers()
    assert seen(answer)["path"] == "/deaf"


def test_a_connection_that_is_used_stays(line):
    for number in range(8):
        assert line.send(POST, b"a", b"bcd", pause=SECONDS / 8), number
    assert [seen(answer)["length"] for answer in line.answers("POST")] == 8 * [4]


def test_an_answer_may_take_longer_than_any_deadline(line):
    line.send(POST.replace(b"/ ", b"/slow ") + b"abcd")
    (answer,) = line.answers("POST")
    assert seen(answer)["length"] == 4


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 2**17,
        b"GET / HTTP/1.1\r\nA: " + b"a" * 2**17,
        b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 2**15,
    ],
    ids=["address", "header", "headers"],
)
def test_the_head_is_bounded(line, head):
    for start in range(0, len(head), 1024):
        line.send(head[start : start + 1024])
    (answer,) = line.answers()
    refused(answer, 431, "4,096 bytes")


def test_a_trailer_is_bounded(line):
    line.send(CHUNKED + b"0\r\nA: ")
    for _ in range(64):
        line.send(b"a" * 1024)
    (answer,) = line.answers()
    refused(answer, 431)


def test_a_trailer_adds_no_headers(line):
    line.send(CHUNKED + b"4\r\nabcd\r\n", b"0\r\nAuthorization: Bearer x\r\n\r\n", pause=0.05)
    (answer,) = line.answers("POST")
    assert seen(answer)["headers"] == ["host", "transfer-encoding"]


def test_requests_sent_together_are_answered_in_order(line):
    paths = [f"/{number}" for number in range(50)]
    line.send(b"".join(GET.replace(b"/ ", path.encode() + b" ") for path in paths))
    assert [seen(answer)["path"] for answer in line.answers()] == paths


@pytest.mark.parametrize(
    "garbage", [b"\x00\x00", b"GET /", POST.replace(b" 4", b" x"), POST + b"a", CHUNKED + b"z"]
)
def test_garbage_takes_no_answer_from_a_request_before_it(line, garbage):
    line.send(GET.replace(b"/ ", b"/slow ") + GET.replace(b"/ ", b"/second ") + garbage)
    first, second, *rest = line.answers()
    assert [seen(first)["path"], seen(second)["path"]] == ["/slow", "/second"]
    assert [answer.status for answer in rest] in ([], [408])


def test_what_follows_a_body_of_the_announced_length_is_another_request(line):
    line.send(POST + b"abcd", b"abcdef\r\n\r\n", pause=0.1)
    first, second = line.answers("POST")
    assert seen(first)["length"] == 4
    refused(second, 400)


def test_who_waits_for_100_continue_is_refused_like_everybody(port, caplog):
    with Line(port) as line:
        expecting = CHUNKED.replace(b"Host", b"Expect: 100-continue\r\nHost")
        line.send(expecting + b"zz\r\n")
        (answer,) = line.answers("POST")
        refused(answer, 400)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_another_protocol_is_not_taken_up(line):
    upgrade = GET.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: websocket\r\nHost")
    line.send(upgrade)
    (answer,) = line.answers()
    assert seen(answer)["path"] == "/"
    assert answer.headers["connection"] == "close"


def test_who_does_not_read_is_dropped():
    with served(BOUNDS) as (port, server), Line(port) as line:
        line.send(GET.replace(b"/ ", b"/large "))
        deadline = time.monotonic() + patience(10)
        while not server.server_state.connections:
            assert time.monotonic() < deadline
        while server.server_state.connections:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert len(line.ended()) < 2**26


def test_who_reads_slowly_gets_everything():
    with served(BOUNDS) as (port, _), Line(port) as line:
        line.send(GET.replace(b"/ ", b"/large "))
        received = 0
        while chunk := line.socket.recv(2**20):
            received += len(chunk)
            if received < 2**23:
                time.sleep(SECONDS / 20)
        assert received > 2**26


def test_one_connection_too_many_is_told_so_and_the_others_stay():
    limit = PATIENT.connections
    with served(PATIENT) as (port, server):
        lines = [Line(port) for _ in range(limit)]
        deadline = time.monotonic() + patience(10.0)
        while len(server.server_state.connections) < limit:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        with Line(port) as line:
            (answer,) = line.answers()
            refused(answer, 503, f"{limit} open connections")
            assert int(answer.headers["retry-after"]) > 0
        for line in lines:
            assert line.send(GET)
            assert b"200 OK" in line.socket.recv(1000)
            line.socket.close()


@pytest.mark.parametrize("sent", [b"", GET[:10]])
def test_a_request_on_its_way_when_the_service_stops_is_answered(monkeypatch, sent):
    monkeypatch.setattr(protocol, "STOP_SECONDS", 60.0)
    with served(PATIENT) as (port, server), Line(port) as line:
        line.send(sent)
        deadline = time.monotonic() + patience(10.0)
        while not server.server_state.connections:
            assert time.monotonic() < deadline
        server.should_exit = True
        while server.servers[0].is_serving():  # which ends with the order to all connections
            assert time.monotonic() < deadline
            time.sleep(0.01)
        line.send(GET[len(sent) :])
        (answer,) = line.answers()
        assert (answer.status, answer.headers["connection"]) == (200, "close")
