"""HTTP as RFC 9110 and 9112 have it, over a real socket."""

import json

import httpx
import pytest
from served import served

from tests.security.wire import Line

PATIENCE_SECONDS = 120.0
JOB = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "xor"},
    "iterations": 10,
}
FORWARD = json.dumps(
    {
        "network": {"layers": [{"weights": [[1.0]], "biases": [0.0], "activation": "tanh"}]},
        "x": [1.0],
    }
).encode()


def ask(method, address, **more):
    return httpx.request(method, address, timeout=PATIENCE_SECONDS, **more)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("service")) as server:
        yield server


@pytest.fixture(scope="module")
def job(server):
    """The path of a finished job."""
    answer = ask("POST", server.address + "/train", json=JOB, headers={"Prefer": "wait=50"})
    assert answer.json()["state"] == "succeeded"
    return answer.headers["Location"]


@pytest.fixture
def line(server):
    with Line(int(server.address.rsplit(":", 1)[1])) as line:
        yield line


def one_answer(line, *head, method="GET"):
    line.send("\r\n".join([*head, "Connection: close", "", ""]).encode())
    (answer,) = line.answers(method)
    return answer


def test_head_has_the_status_and_the_headers_of_get_and_no_body(server, job):
    paths = ask("GET", server.address + "/openapi.json").json()["paths"]
    places = {"{id}": job.rpartition("/")[2], "{name}": "moons", "{k}": "1"}
    tried = 0
    # Headers that say how long something took, what is left, or that nothing will be sent.
    changing = {"date", "x-request-id", "content-length", "transfer-encoding", "ratelimit"}
    for path, operations in [*paths.items(), ("/", {"get"}), ("/docs", {"get"})]:
        if "get" not in operations:
            continue
        for name, value in places.items():
            path = path.replace(name, value)
        got = ask("GET", server.address + path)
        headed = ask("HEAD", server.address + path)
        assert headed.status_code == got.status_code, path
        assert headed.content == b"", path
        kept = [
            {name: value for name, value in answer.headers.items() if name not in changing}
            for answer in (headed, got)
        ]
        assert kept[0] == kept[1], path
        if path != "/metrics" and "content-length" in got.headers:
            assert headed.headers["content-length"] == got.headers["content-length"], path
        tried += 1
    assert tried > 12


def test_head_of_a_stream_ends_at_once(server):
    forever = JOB | {"iterations": 10_000_000}
    path = ask("POST", server.address + "/train", json=forever).headers["Location"]
    answer = ask("HEAD", f"{server.address}{path}/events")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert ask("DELETE", server.address + path).status_code == 204


def test_a_method_that_is_not_allowed_names_those_that_are(server, job):
    answer = ask("PUT", server.address + job)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "DELETE"}


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["Host: localhost", "Host: localhost"],
        ["Host: local host"],
        ["Host: localhost/x"],
        ["Host: localhost:80x"],
        ["Host: [::1"],
    ],
    ids=str,
)
def test_a_request_needs_exactly_one_valid_host(line, hosts):
    answer = one_answer(line, "GET /health/live HTTP/1.1", *hosts)
    assert answer.status == 400
    assert "Host" in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:8000"])
def test_hosts_of_this_machine_are_valid(line, host):
    answer = one_answer(line, "GET /datasets HTTP/1.1", f"Host: {host}")
    assert answer.status == 200


def test_the_absolute_form_is_the_path_and_its_host_is_the_host(line):
    answer = one_answer(line, "GET http://localhost:1/datasets HTTP/1.1", "Host: example.org")
    assert answer.status == 200


def test_the_host_of_the_absolute_form_counts_and_not_the_field(line):
    answer = one_answer(line, "GET http://example.org/datasets HTTP/1.1", "Host: localhost")
    assert answer.status == 421


def test_the_absolute_form_may_have_no_path_but_a_query(line):
    answer = one_answer(line, "GET http://localhost?x=1 HTTP/1.1", "Host: localhost")
    assert answer.status == 200


def test_options_for_the_whole_server_is_answered(line):
    answer = one_answer(line, "OPTIONS * HTTP/1.1", "Host: localhost", method="OPTIONS")
    assert 200 <= answer.status < 500


def test_http_1_0_needs_no_host_and_gets_no_chunks(line, job):
    line.send(f"GET {job}/events HTTP/1.0\r\n\r\n".encode())
    received = line.ended()
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"transfer-encoding" not in head.lower()
    assert body.startswith(b"event: job\n")
    assert body.endswith(b"\n\n")


def test_a_final_response_in_place_of_100_continue_ends_the_connection(line):
    line.send(
        b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
        b"Content-Length: 5\r\n\r\n"
    )
    (answer,) = line.answers("POST")
    assert answer.status == 404
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize("close", [b"Connection: close\r\n", b""])
def test_a_refusal_arrives_although_its_request_still_sends_a_body(server, close):
    port = int(server.address.rsplit(":", 1)[1])
    body = bytes(8 * 2**20)
    for _ in range(5):
        with Line(port) as line:
            line.send(
                b"POST /nothing HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n"
                % (close, len(body))
            )
            assert line.send(*(body[i : i + 65536] for i in range(0, len(body), 65536)))
            if not close:
                line.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            first, *rest = line.answers("POST", "GET")
            assert first.status == 404
            assert [answer.status for answer in rest] == ([] if close else [200])


def test_a_body_without_end_after_a_refusal_is_not_read_for_ever(server):
    with Line(int(server.address.rsplit(":", 1)[1])) as line:
        line.send(
            b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            b"Content-Length: 1000000000000\r\n\r\n"
        )
        piece = bytes(2**20)
        sent = 0
        while line.send(piece) and sent < 2**11:
            sent += 1
        assert sent < 2**11


def test_a_change_is_made_only_to_the_version_that_the_client_has_seen(server):
    path = ask("POST", server.address + "/train", json=JOB).headers["Location"]
    job = ask("GET", server.address + path, headers={"Prefer": "wait=50"})
    tag = job.headers["etag"]
    for wrong in ('"0"', f"W/{tag}", '"x", "y"'):
        refused = ask("DELETE", server.address + path, headers={"If-Match": wrong})
        assert refused.status_code == 412
        assert refused.json()["type"] == "urn:chainrule:problem:precondition-failed"
    assert ask("GET", server.address + path).status_code == 200
    cancel = ask("POST", f"{server.address}{path}/cancel", headers={"If-Match": '"0"'})
    assert cancel.status_code == 412
    deleted = ask("DELETE", server.address + path, headers={"If-Match": f'"0", {tag}'})
    assert deleted.status_code == 204
    gone = ask("DELETE", server.address + path, headers={"If-Match": "*"})
    assert gone.status_code == 404
