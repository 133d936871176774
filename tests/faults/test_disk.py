"""A disk that is full, read-only or damaged: clear answers, nothing accepted is lost."""

import shutil
import sqlite3

import pytest

LONG = 100_000


def url(folder):
    return f"sqlite:///{folder}/chainrule.db"


def fill(folder):
    """Take every byte that is left."""
    with (folder / "ballast").open("ab", buffering=0) as ballast:
        for size in (2**20, 4096, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


def test_a_full_disk_refuses_jobs_and_loses_none(launch, small_disk):
    service = launch(CHAINRULE_DATABASE_URL=url(small_disk))
    service.server.wait_until_ready()
    running = service.accepted(4 * LONG)
    service.wait_until(lambda: service.job(running)["iteration"] > 0)
    fill(small_disk)
    service.wait_until(lambda: not service.is_ready())
    fill(small_disk)  # what SQLite has given back when it was closed
    service.assert_not_ready("full")
    service.assert_calm()
    assert service.job(running)["state"] == "running"
    (small_disk / "ballast").unlink()
    service.wait_until(service.is_ready)
    later = service.accepted()
    for job in (running, later):
        service.wait_for_success(job)


def test_a_service_started_on_a_read_only_folder_waits_until_it_can_write(
    launch, small_disk, read_only
):
    settings = {"CHAINRULE_DATABASE_URL": url(small_disk)}
    with launch(**settings) as before:
        before.server.wait_until_ready()
        finished = before.accepted()
        before.wait_for_success(finished)
        waiting = before.accepted(LONG)
        before.stop()
    with read_only(small_disk):
        service = launch(**settings)
        service.wait_until(service.is_listening)
        service.assert_not_ready("readonly", "unable to open", "cannot be written")
        service.assert_calm()
    service.wait_until(service.is_ready)
    assert service.job(finished)["state"] == "succeeded"
    service.wait_for_success(waiting)


@pytest.mark.parametrize("damage", ["head", "body"])
def test_a_damaged_database_is_told_and_a_restored_one_is_taken_up(launch, tmp_path, damage):
    service = launch()
    service.server.wait_until_ready()
    kept = service.accepted()
    job = service.wait_for_success(kept)
    database = tmp_path / "chainrule.db"
    backup = tmp_path / "backup.db"
    with sqlite3.connect(database) as original, sqlite3.connect(backup) as copy:
        original.backup(copy)
    ruin(database, damage)
    service.wait_until(lambda: not service.is_ready())
    service.assert_not_ready("malformed", "not a database", "disk I/O error")
    service.assert_calm()
    for part in ("", "-wal", "-shm"):
        database.with_name(database.name + part).unlink(missing_ok=True)
    shutil.copy(backup, database)
    service.wait_until(service.is_ready)
    assert service.job(kept) == job
    service.wait_for_success(service.accepted())


def ruin(database, damage):
    """Overwrite the file itself, as a bad disk does."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.stat().st_size
    start, content = {
        "head": (0, b"\xff" * 4096),
        "body": (4096, b"\xff" * (size - 4096)),
    }[damage]
    with database.open("r+b") as file:
        file.seek(start)
        file.write(content)


def test_jobs_can_be_cancelled_and_deleted_on_a_full_disk(launch, small_disk):
    service = launch(CHAINRULE_DATABASE_URL=url(small_disk))
    service.server.wait_until_ready()
    running = service.accepted(100 * LONG)
    service.wait_until(lambda: service.job(running)["iteration"] > 0)
    waiting = [service.accepted(LONG) for _ in range(3)]
    fill(small_disk)
    service.wait_until(lambda: not service.is_ready())
    fill(small_disk)
    cancelled = service.client.post(f"/train/{waiting[0]}/cancel")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert service.client.delete(f"/train/{waiting[1]}").status_code == 204
    assert service.client.post(f"/train/{running}/cancel").status_code == 200
    (small_disk / "ballast").unlink()
    service.wait_until(service.is_ready)
    service.wait_until(lambda: service.job(running)["state"] == "cancelled")
    service.wait_for_success(waiting[2])
