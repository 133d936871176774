"""`chainrule backup`, `restore` and `doctor`, beside a running service."""

import os
import sqlite3
import subprocess
from contextlib import closing

import httpx
import pytest
from served import COMMAND, served

from service.jobs.runner.retention import Retention, expire_jobs
from service.jobs.storage.store import Store
from tests.patience import patience
from tests.service.jobs.submissions import npy, submission

TRAINING = {
    "architecture": {"sizes": [2, 8, 1], "activations": ["tanh", "sigmoid"]},
    "data": {"dataset": "moons", "samples": 100},
    "iterations": 200,
}
FOREVER = TRAINING | {"iterations": 10_000_000}
CHECKS = ["settings", "database", "schema", "disk", "workers", "clock"]


def chainrule(folder, *arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHAINRULE_")}
    url = {"CHAINRULE_DATABASE_URL": f"sqlite:///{folder}/chainrule.db"}
    return subprocess.run(
        [COMMAND, *arguments],
        env=clean | url | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=patience(60),
    )


def trained(server, question=TRAINING):
    answer = httpx.post(
        server.address + "/train", json=question, headers={"Prefer": "wait=50"}, timeout=60
    )
    assert answer.json()["state"] == "succeeded"
    return answer.headers["Location"]


def test_a_backup_of_a_running_service_is_whole_and_can_be_restored_while_it_runs(tmp_path):
    with served(tmp_path, workers=2) as server:
        kept = trained(server)
        network = httpx.get(f"{server.address}{kept}/network").json()
        running = httpx.post(server.address + "/train", json=FOREVER).headers["Location"]
        while httpx.get(server.address + running).json()["iteration"] == 0:
            pass
        assert chainrule(tmp_path, "backup", "copy.db").returncode == 0
        assert sorted(path.name for path in tmp_path.glob("copy.db*")) == ["copy.db"]
        later = trained(server)
        assert httpx.delete(server.address + kept).status_code == 204

        done = chainrule(tmp_path, "restore", "copy.db")
        assert done.returncode == 0, done.stderr
        assert httpx.get(f"{server.address}{kept}/network").json() == network
        assert httpx.get(server.address + later).status_code == 404
        # The job that ran when the copy was made is taken up again, and new ones are accepted.
        before = httpx.get(server.address + running).json()["iteration"]
        while httpx.get(server.address + running).json()["iteration"] <= before:
            pass
        assert httpx.delete(server.address + running).status_code == 204
        trained(server)


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_what_is_no_backup_is_not_restored(tmp_path, content):
    with served(tmp_path) as server:
        kept = trained(server)
        (tmp_path / "wrong.db").write_bytes(content)
        done = chainrule(tmp_path, "restore", "wrong.db")
        assert done.returncode == 1
        assert "nothing was restored" in done.stderr
        assert httpx.get(server.address + kept).status_code == 200


def test_backup_says_what_it_cannot_copy(tmp_path):
    missing = chainrule(tmp_path, "backup", "copy.db")
    assert (missing.returncode, list(tmp_path.iterdir())) == (1, [])
    server = {"CHAINRULE_DATABASE_URL": "postgresql+psycopg://host/db"}
    refused = chainrule(tmp_path, "backup", "copy.db", **server)
    assert refused.returncode == 2
    assert "pg_dump" in refused.stderr


def lines_of(done):
    return {line[6:15].strip(): (line[:4].strip(), line[16:]) for line in done.stdout.splitlines()}


def test_the_doctor_checks_everything_and_changes_nothing(tmp_path):
    empty = chainrule(tmp_path, "doctor")
    assert list(lines_of(empty)) == CHECKS
    assert (empty.returncode, list(tmp_path.iterdir())) == (0, [])
    with served(tmp_path) as server:
        trained(server)
        beside = chainrule(tmp_path, "doctor")
    assert beside.returncode == 0, beside.stdout
    assert {state for state, _ in lines_of(beside).values()} == {"ok"}
    assert "undamaged" in lines_of(beside)["database"][1]
    assert "the newest" in lines_of(beside)["schema"][1]


def damage(folder):
    with (folder / "chainrule.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


def change(statement):
    def make(folder):
        with closing(sqlite3.connect(folder / "chainrule.db")) as connection, connection:
            connection.execute(statement)

    return make


@pytest.mark.parametrize(
    ("spoil", "environment", "failing"),
    [
        (damage, {}, "database"),
        (change("UPDATE alembic_version SET version_num = 'x'"), {}, "schema"),
        (change("UPDATE jobs SET created_at = created_at + 1e6"), {}, "clock"),
        (lambda folder: None, {"CHAINRULE_MAX_LAYER": "8"}, "settings"),
        (lambda folder: None, {"CHAINRULE_MAX_BODY_BYTES": str(10**18)}, "disk"),
    ],
    ids=["damage", "schema", "clock", "settings", "disk"],
)
def test_the_doctor_finds_what_is_wrong(tmp_path, spoil, environment, failing):
    with served(tmp_path) as server:
        trained(server)
        server.stop()
    spoil(tmp_path)
    done = chainrule(tmp_path, "doctor", **environment)
    assert done.returncode == 1
    assert lines_of(done)[failing][0] == "FAIL"


def test_space_of_expired_jobs_goes_back_to_the_disk(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/chainrule.db")
    try:
        for _ in range(5):
            job = store.accept(submission(data=npy([[0.0] * 2] * 200_000)))
            store.cancel(job.id)
        size = allocated(store)
        assert expire_jobs(store, Retention(jobs=1, seconds=1e9)) == 4
        assert allocated(store) < size / 3
    finally:
        store.close()


def allocated(store):
    with store.database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
