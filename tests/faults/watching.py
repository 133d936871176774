"""What a client sees of a service that is in trouble."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.acceptance.server import Server
from tests.patience import patience

PATIENCE_SECONDS = 40.0
SHEET_UNIT = {
    "network": {"layers": [{"weights": [[2.0]], "biases": [1.0], "activation": "identity"}]},
    "x": [3.0],
}


def training(iterations: int, samples: int = 200) -> dict[str, Any]:
    """A job of some seconds per hundred thousand iterations."""
    return {
        "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
        "data": {"dataset": "moons", "samples": samples, "noise": 0.1, "seed": 1},
        "eta": 0.1,
        "iterations": iterations,
    }


class Watched:
    """A service, asked from outside."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = httpx.Client(base_url=server.address, timeout=patience(PATIENCE_SECONDS))

    def __enter__(self) -> "Watched":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def stop(self) -> None:
        """As an operator does."""
        self.server.process.terminate()
        self.server.process.wait(patience(20))

    def submit(self, iterations: int = 100, **more: Any) -> httpx.Response:
        return self.client.post("/train", json=training(iterations, **more))

    def accepted(self, iterations: int = 100) -> str:
        answer = self.submit(iterations)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.client.get(f"/train/{job_id}")
        assert answer.status_code == 200, answer.text
        job: dict[str, Any] = answer.json()
        return job

    def wait_for_success(self, job_id: str) -> dict[str, Any]:
        self.wait_until(lambda: self.job(job_id)["finished_at"] is not None)
        job = self.job(job_id)
        assert job["state"] == "succeeded", job
        return job

    def wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + patience(PATIENCE_SECONDS)
        while not condition():
            assert time.monotonic() < deadline, self.server.log.read_text()[-3000:]
            time.sleep(0.1)

    def is_listening(self) -> bool:
        try:
            return self.client.get("/health/live").status_code == 200
        except httpx.ConnectError:
            return False

    def is_ready(self) -> bool:
        return self.client.get("/health/ready").status_code == 200

    def assert_calm(self) -> None:
        """What needs no record is answered as ever."""
        assert self.client.get("/health/live").status_code == 200
        answer = self.client.post("/forward", json=SHEET_UNIT)
        assert answer.json()["output"] == [7.0]
        assert self.server.process.poll() is None

    def assert_not_ready(self, *words: str) -> None:
        """Readiness and metrics say so, and a job is refused with a time to come back."""
        assert "chainrule_database_up 0.0" in self.client.get("/metrics").text
        answer = self.client.get("/health/ready")
        assert_refused(answer, *words)
        assert_refused(self.submit())


def assert_refused(answer: httpx.Response, *words: str) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    detail = answer.json()["detail"]
    assert not words or any(word in detail for word in words), detail
