"""Several processes that serve one port: started, replaced and stopped by one supervisor."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families
from served import COMMAND, served

PATIENCE_SECONDS = 120.0
TRAINING = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 100},
    "iterations": 500,
}


PROCESSES = 2


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A service for all tests that leave it running."""
    with served(tmp_path_factory.mktemp("shared"), processes=PROCESSES, workers=1) as server:
        yield server


@pytest.fixture
def own_server(tmp_path):
    with served(tmp_path, processes=PROCESSES, workers=1) as server:
        yield server


def ask(method, address, **more):
    """A new connection for each request, which the kernel gives to one of the processes."""
    return httpx.request(method, address, timeout=PATIENCE_SECONDS, **more)


def serving(server):
    """The serving processes of the service, without its workers."""
    found = set()
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if "service.commands.process" in child.cmdline():
                found.add(child.pid)
    return found


def until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def metrics(server):
    text = ask("GET", f"{server.address}/metrics").text
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def answered(server):
    """How many requests for the data sets were answered, by all processes."""
    return metrics(server).get(("chainrule_http_requests_total", "GET", "/datasets", "200"), 0)


def trained(server):
    """The state in which a training ends."""
    path = ask("POST", server.address + "/train", json=TRAINING).headers["Location"]
    job = ask("GET", server.address + path, headers={"Prefer": "wait=50"})
    return job.json()["state"]


def replaced(server, before):
    now = serving(server)
    return len(now) == PROCESSES and not now & before


def test_a_job_of_any_process_is_trained_and_followed_by_all(server):
    before = metrics(server).get(("chainrule_jobs", "succeeded"), 0)
    assert [trained(server) for _ in range(6)] == 6 * ["succeeded"]
    assert metrics(server)["chainrule_jobs", "succeeded"] == before + 6


def test_the_metrics_are_those_of_all_processes(server):
    before = answered(server)
    for _ in range(40):
        assert ask("GET", server.address + "/datasets").status_code == 200
    for _ in range(5):  # whichever process answers
        found = metrics(server)
        counted = found["chainrule_http_requests_total", "GET", "/datasets", "200"]
        assert counted == before + 40
        assert found[("chainrule_workers",)] == 1
        assert found[("chainrule_http_requests_in_progress",)] == 1
        memory = sum(psutil.Process(pid).memory_info().rss for pid in serving(server))
        assert found[("process_resident_memory_bytes",)] == pytest.approx(memory, rel=0.5)


def test_a_process_that_is_killed_is_replaced_and_its_counts_stay(server):
    counted = answered(server)
    for _ in range(20):
        ask("GET", server.address + "/datasets")
    before = serving(server)
    assert len(before) == PROCESSES
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: replaced(server, before))
    # Connections are held by the supervisor's sockets until a process takes them.
    assert ask("GET", server.address + "/datasets").status_code == 200
    until(lambda: metrics(server).get(("chainrule_workers",)) == 1)
    assert answered(server) == counted + 21
    assert trained(server) == "succeeded"


def test_a_restart_replaces_every_process_and_loses_no_request(server):
    failures, done, count = [], threading.Event(), [0]

    def ask_repeatedly():
        while not done.is_set():
            try:
                # A new connection for each request: that is what a restart could refuse.
                answer = ask("GET", server.address + "/datasets")
                count[0] += 1
                if answer.status_code != 200:
                    failures.append(answer.text)
            except httpx.HTTPError as error:
                failures.append(repr(error))

    before = serving(server)
    clients = [threading.Thread(target=ask_repeatedly) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        server.process.send_signal(signal.SIGUSR1)
        until(lambda: replaced(server, before))
    finally:
        done.set()
        for client in clients:
            client.join()
    assert failures == []
    assert count[0] > 10


def test_all_processes_end_with_the_supervisor_in_order(own_server):
    processes = [psutil.Process(pid) for pid in serving(own_server)]
    code, _ = own_server.stop()
    assert code == 0
    assert not any(process.is_running() for process in processes)


def test_no_process_outlives_a_supervisor_that_is_killed(own_server):
    processes = psutil.Process(own_server.process.pid).children(recursive=True)
    assert len(processes) >= PROCESSES + 1
    own_server.process.kill()
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)
    assert alive == []


def test_the_port_of_a_running_service_is_not_shared_with_another(server, tmp_path):
    port = server.address.rsplit(":", 1)[1]
    environment = os.environ | {"CHAINRULE_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    for processes in ("1", "2"):
        command = [COMMAND, "serve", "--port", port, "--processes", processes]
        second = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert second.returncode == 1
        assert "address already in use" in second.stderr


def test_a_process_that_cannot_start_ends_the_service_with_its_exit_code(tmp_path):
    environment = os.environ | {
        "CHAINRULE_DATABASE_URL": f"sqlite:///{tmp_path}/x.db",
        "CHAINRULE_ROOT_PATH": "/train",
    }
    command = [COMMAND, "serve", "--port", "0", "--processes", "2"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == 2
    assert "path of the API" in done.stderr
