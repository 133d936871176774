"""kill -9 of the service and all its workers at once costs no job and no bit."""

import os
import signal
import time

import httpx
import psutil
import pytest

from tests.acceptance.server import started
from tests.kills import killed_in_time
from tests.patience import patience

MOONS = {
    "architecture": {"sizes": [2, 16, 1], "activations": ["tanh", "sigmoid"], "seed": 5},
    "data": {"dataset": "moons", "samples": 300, "noise": 0.3, "seed": 5},
    "loss": "binary_cross_entropy",
    "optimizer": "adam",
    "batch_size": 50,
    "seed": 5,
}
ALONE = MOONS | {"iterations": 50_000}
SHARED = MOONS | {"iterations": 1000, "data_parallel": 3}
PATIENCE_SECONDS = 60


def wait_for(condition) -> None:
    deadline = time.monotonic() + patience(PATIENCE_SECONDS)
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def job(address: str, path: str) -> dict:
    return httpx.get(address + path).json()


def is_finished(address: str, path: str) -> bool:
    return job(address, path)["finished_at"] is not None


@pytest.mark.parametrize("body", [ALONE, SHARED], ids=["alone", "in shards"])
def test_after_a_restart_it_goes_on_by_itself_to_the_undisturbed_network(tmp_path, body):
    def trained(length):
        question = body | {"iterations": length * body["iterations"]}
        with started(tmp_path) as server:
            server.wait_until_ready()
            path = httpx.post(f"{server.address}/train", json=question).headers["Location"]
            wait_for(lambda: job(server.address, path)["iteration"] > 0)
            family = psutil.Process(server.process.pid).children(recursive=True)
            for process in (server.process.pid, *(one.pid for one in family)):
                os.kill(process, signal.SIGKILL)
            server.process.wait()
            psutil.wait_procs(family, timeout=patience(5))
        with started(tmp_path) as server:
            server.wait_until_ready()
            assert job(server.address, path)["iteration"] > 0
            wait_for(lambda: is_finished(server.address, path))
            ended = job(server.address, path)
            assert (ended["state"], ended["iteration"]) == ("succeeded", question["iterations"])
            return (question, path) if ended["attempt"] == 2 else None

    question, path = killed_in_time(trained)
    with started(tmp_path) as server:
        server.wait_until_ready()
        again = httpx.post(f"{server.address}/train", json=question).headers["Location"]
        wait_for(lambda: is_finished(server.address, again))
        networks = [httpx.get(f"{server.address}{one}/network").json() for one in (path, again)]
    assert networks[0] == networks[1]
