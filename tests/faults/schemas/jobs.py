"""The jobs that stand in a dump: one that is finished, and one whose service was killed."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from service.jobs.storage.database import Database
from tests.acceptance.server import started
from tests.faults.watching import Watched

DEEP = 60
"""Slow for its size: what stands in a dump should be short."""
FINISHED: dict[str, Any] = {
    "architecture": {"sizes": [2, 4, 1], "activations": ["tanh", "sigmoid"], "seed": 1},
    "data": {"dataset": "moons", "samples": 40, "noise": 0.1, "seed": 1},
    "eta": 0.5,
    "iterations": 60,
    "validation_fraction": 0.25,
}
IN_WORK: dict[str, Any] = {
    "architecture": {
        "sizes": [2, *DEEP * [3], 1],
        "activations": [*DEEP * ["tanh"], "sigmoid"],
        "seed": 2,
    },
    "data": {"dataset": "moons", "samples": 100, "noise": 0.1, "seed": 2},
    "eta": 0.1,
    "iterations": 8000,
}


def leave_behind(folder: Path, url: str) -> str:
    """Have a service make both jobs, kill it, and say which schema that was."""
    with started(folder, CHAINRULE_DATABASE_URL=url) as server, Watched(server) as service:
        server.wait_until_ready()
        service.wait_for_success(_accepted(service, FINISHED))
        in_work = _accepted(service, IN_WORK)
        service.wait_until(lambda: service.job(in_work)["iteration"] > 0)
        assert service.job(in_work)["state"] == "running"
        server.process.kill()
        server.process.wait()
    database = Database(url)
    with database.read() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    database.close()
    return str(revision)


def _accepted(service: Watched, question: dict[str, Any]) -> str:
    answer = service.client.post("/train", json=question)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])
