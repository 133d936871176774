"""The service over a socket, as a newcomer meets it: start, ask, train, stop."""

import os
import subprocess
import time

import httpx
import numpy as np
import psutil
import pytest
from served import COMMAND, PATIENCE_SECONDS, served

from tests.patience import patience

XOR = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [[0], [1], [1], [0]]},
    "eta": 1.0,
    "iterations": 3000,
}
FOREVER = XOR | {"iterations": 10_000_000}


@pytest.fixture
def server(tmp_path):
    with served(tmp_path) as server:
        yield server


@pytest.fixture
def browser(server):
    with httpx.Client(base_url=server.address, timeout=patience(PATIENCE_SECONDS)) as client:
        yield client


def test_a_newcomer_finds_the_docs_asks_trains_and_uses_the_network(browser, sheet):
    assert "swagger-ui" in browser.get("/docs").text
    assert browser.get("/openapi.json").json()["info"]["title"] == "Chainrule"
    assert browser.get("/health/ready").json() == {"status": "ok"}
    output = browser.post("/forward", json=sheet).json()["output"]
    np.testing.assert_array_equal(np.round(output, 2), [0.45, 0.74])
    accepted = browser.post("/train", json=XOR)
    assert accepted.status_code == 202
    path = accepted.headers["Location"]
    job = browser.get(path, headers={"Prefer": "wait=50"}).json()
    while job["finished_at"] is None:
        job = browser.get(path, headers={"Prefer": "wait=50"}).json()
    assert job["state"] == "succeeded"
    network = browser.get(path + "/network").json()
    answer = browser.post("/forward", json={"network": network, "x": XOR["data"]["x"]}).json()
    np.testing.assert_array_equal(np.round(answer["output"]), XOR["data"]["y"])
    assert browser.get(path + "/plot").content.startswith(b"\x89PNG")


def test_one_connection_serves_many_requests(server, sheet):
    limits = httpx.Limits(max_connections=1)
    with httpx.Client(base_url=server.address, limits=limits) as client:
        addresses = {
            client.post("/forward", json=sheet)
            .extensions["network_stream"]
            .get_extra_info("client_addr")
            for _ in range(20)
        }
        refused = client.post("/forward", json={})
        assert refused.status_code == 422
        addresses.add(refused.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(addresses) == 1


def test_start_up_to_ready_costs_less_than_two_seconds(server):
    # Of processor time, so that what else this machine does plays no part.
    assert httpx.get(server.address + "/health/ready").status_code == 200
    process = psutil.Process(server.process.pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    assert sum(one.user + one.system for one in times) < patience(2.0)


def test_asked_to_stop_it_ends_in_order_within_five_seconds(server, browser):
    path = browser.post("/train", json=FOREVER).headers["Location"]
    while browser.get(path).json()["state"] != "running":
        pass
    code, seconds = server.stop()
    assert code == 0
    assert seconds < patience(5.0)


def test_a_computation_under_way_does_not_keep_the_process_alive(server, browser):
    # 20 layers of 50 × 50 for 90 samples, checked derivative by derivative.
    layer = {"weights": [[0.0] * 50] * 50, "biases": [0.0] * 50, "activation": "tanh"}
    rows = [[1.0] * 50] * 90
    question = {"network": {"layers": [layer] * 20}, "x": rows, "y": rows, "gradient_check": True}
    with pytest.raises(httpx.ReadTimeout):
        browser.post("/backprop", json=question, timeout=1.0)
    code, seconds = server.stop()
    assert code == 0
    assert seconds < patience(5.0)


def test_a_job_goes_on_where_a_stopped_service_left_it(tmp_path):
    with served(tmp_path) as first:
        path = httpx.post(first.address + "/train", json=FOREVER).headers["Location"]
        while httpx.get(first.address + path).json()["iteration"] == 0:
            time.sleep(0.05)
        assert first.stop()[0] == 0
    with served(tmp_path) as second:
        job = httpx.get(second.address + path).json()
        assert job["iteration"] > 0
        reached = job["iteration"]
        while job["iteration"] <= reached or job["attempt"] < 2:
            time.sleep(0.05)
            job = httpx.get(second.address + path).json()
        assert job["state"] == "running"


def test_a_port_that_is_taken_is_a_failed_start(server, tmp_path):
    port = server.address.rsplit(":", 1)[1]
    environment = {"CHAINRULE_PORT": port, "CHAINRULE_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
    second = subprocess.run(
        [COMMAND, "serve"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=patience(30),
    )
    assert second.returncode != 0
    assert "address already in use" in second.stderr
