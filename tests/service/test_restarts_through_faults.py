"""Restarts through the end of the whole service: the same bits as if nothing had been."""

import time

import httpx
import pytest
from served import served

from tests.kills import killed_in_time
from tests.patience import patience

QUESTION = {
    "architecture": {"sizes": [2, 3, 1], "activations": ["tanh", "sigmoid"], "seed": 5},
    "data": {"dataset": "moons", "samples": 40, "noise": 0.1, "seed": 1},
    "eta": 0.3,
}


def until(browser, path, condition):
    deadline = time.monotonic() + patience(60)
    while time.monotonic() < deadline:
        job = browser.get(path).json()
        if condition(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"after 60 s the job is {job}")


@pytest.mark.parametrize("batch_size", [None, 20], ids=["stacked", "one by one"])
def test_a_service_that_is_killed_goes_on_with_every_restart_on_other_workers(tmp_path, batch_size):
    def trained(length):
        iterations = length * (75_000 if batch_size is None else 15_000)
        question = QUESTION | {"batch_size": batch_size, "iterations": iterations}
        with served(tmp_path) as server, httpx.Client(base_url=server.address) as browser:
            path = browser.post("/train", json=question | {"restarts": 6}).headers["Location"]
            until(browser, path, lambda job: job["iteration"] > 0)
            server.process.kill()  # -9, in the middle of it
        with (
            served(tmp_path, workers=2) as server,
            httpx.Client(base_url=server.address) as browser,
        ):
            job = until(browser, path, lambda job: job["finished_at"] is not None)
            assert (job["state"], job["iteration"]) == ("succeeded", iterations)
        return (question, path, job) if job["attempt"] > 1 else None

    question, path, job = killed_in_time(trained)
    with served(tmp_path, workers=2) as server, httpx.Client(base_url=server.address) as browser:
        best = question["architecture"] | {"seed": job["best_seed"]}
        plain = browser.post("/train", json=question | {"architecture": best})
        peer = plain.headers["Location"]
        until(browser, peer, lambda job: job["finished_at"] is not None)
        for what in ("network", "history"):
            assert browser.get(f"{path}/{what}").json() == browser.get(f"{peer}/{what}").json()
