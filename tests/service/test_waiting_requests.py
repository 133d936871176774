"""Requests that wait for a job: they end with the service, with their client and with their key."""

import asyncio
import json
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from served import served

from service.auth.key_file import KeyFile

FOREVER = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 100},
    "iterations": 10_000_000,
}
PATIENCE_SECONDS = 60.0


def metric(address, name):
    text = httpx.get(f"{address}/metrics", timeout=PATIENCE_SECONDS).text
    (line,) = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(line.split()[-1])


def until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def in_progress(address):
    return metric(address, "chainrule_http_requests_in_progress")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_answers_waiting_requests_with_their_job_and_ends_streams(tmp_path, sent):
    with served(tmp_path) as server:
        path = httpx.post(server.address + "/train", json=FOREVER).headers["Location"]
        with ThreadPoolExecutor(60) as pool:
            waiting = [pool.submit(get, server.address + path) for _ in range(40)]
            waiting += [pool.submit(post, server.address + "/train") for _ in range(10)]
            stream = pool.submit(get, f"{server.address}{path}/events")
            # The request for the metrics is in progress itself.
            until(lambda: in_progress(server.address) >= 52)
            server.process.send_signal(sent)
            answers = [answer.result(PATIENCE_SECONDS) for answer in waiting]
        assert [answer.status_code for answer in answers] == 40 * [200] + 10 * [202]
        assert all(answer.json()["state"] in ("queued", "running") for answer in answers)
        assert {answer.headers.get("connection") for answer in answers} == {"close"}
        # Without `end`, so that the client resumes the stream elsewhere.
        events = stream.result(PATIENCE_SECONDS).text
        assert "event: job" in events
        assert "event: end" not in events
        assert server.process.wait(PATIENCE_SECONDS) == 0
    lines = [json.loads(line) for line in (tmp_path / "stderr").read_text().splitlines()]
    assert [line for line in lines if line.get("level") in ("error", "critical")] == []


def get(address):
    return httpx.get(address, headers={"Prefer": "wait=50"}, timeout=PATIENCE_SECONDS)


def post(address):
    headers = {"Prefer": "wait=50"}
    return httpx.post(address, json=FOREVER, headers=headers, timeout=PATIENCE_SECONDS)


def test_a_request_whose_client_has_left_ends_and_costs_nothing_more(tmp_path):
    with served(tmp_path) as server:
        path = httpx.post(server.address + "/train", json=FOREVER).headers["Location"]
        host, port = server.address.removeprefix("http://").split(":")
        requests = [
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nPrefer: wait=50\r\n\r\n",
            f"GET {path}/events HTTP/1.1\r\nHost: localhost\r\n\r\n",
        ]
        # A request that was sent ahead must not keep the service from reading the end.
        requests += [request + "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" for request in requests]
        clients = [socket.create_connection((host, int(port))) for _ in range(100)]
        for number, client in enumerate(clients):
            client.sendall(requests[number % 4].encode())
        # The request for the metrics is one of them.
        until(lambda: in_progress(server.address) >= 101)
        for client in clients:
            client.close()
        until(lambda: in_progress(server.address) == 1)
        lines = map(json.loads, (tmp_path / "stderr").read_text().splitlines())
        waits = [line for line in lines if line.get("path") == path]
        # They ended by their clients, and long before the 50 seconds that they had asked for.
        assert [line["status"] for line in waits] == 50 * [499]
        assert max(line["seconds"] for line in waits) < 40


def test_a_stream_ends_when_its_key_is_revoked(tmp_path):
    keys = KeyFile(tmp_path / "keys")
    headers = {"Authorization": f"Bearer {keys.add('Alice')}"}
    keys.add("Bob")
    with served(tmp_path, api_keys_file=tmp_path / "keys") as server:
        answer = httpx.post(server.address + "/train", json=FOREVER, headers=headers)
        path = answer.headers["Location"]
        with httpx.stream(
            "GET",
            f"{server.address}{path}/events",
            headers=headers,
            timeout=PATIENCE_SECONDS,
        ) as stream:
            text = stream.iter_text()
            assert "event: job" in next(text)
            keys.revoke("Bob")
            assert "event: job" in next(text)
            keys.revoke("Alice")
            assert "event: end" not in "".join(text)
        assert httpx.get(server.address + path, headers=headers).status_code == 401


def test_waiting_requests_share_their_reads_of_the_database(open_service, monkeypatch):
    client = open_service()
    path = client.post("/train", json=FOREVER).headers["location"]
    client.until(path, lambda job: job["state"] == "running")
    store = client.app.state.job_system.store
    reads, wanted = [], set()
    read = type(store).changed_since

    def counted(self, versions):
        reads.append(len(versions))
        wanted.update(versions)
        return read(self, versions)

    monkeypatch.setattr(type(store), "changed_since", counted)

    async def wait_together():
        driver = client.app.state.job_system.dispatcher
        job = store.find(path.rpartition("/")[2])
        waits = (driver.wait_for_change(job.id, 10**9, 2.0) for _ in range(500))
        return await asyncio.gather(*waits)

    jobs = client._portal.call(wait_together)
    assert len({job.id for job in jobs}) == 1
    # Polls, and changes made here, which are written once a second: by far less than one a wait.
    assert 0 < len(reads) < 100
    assert wanted == {jobs[0].id}
    client.delete(path)
