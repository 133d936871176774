"""PostgreSQL goes away and comes back: nothing accepted is lost, without manual repair."""

import os
import time

import pytest

from tests.faults.schemas.postgresql import new_database
from tests.service.jobs.postgresql_server import binary, new_server

AWAY_SECONDS = float(os.environ.get("AWAY_SECONDS", "6"))
"""Longer than a lease, which is of five seconds."""
LONG = 100_000


@pytest.fixture
def postgresql():
    if binary("initdb") is None or binary("postgres") is None:
        pytest.skip("PostgreSQL is not installed")
    with new_server() as server:
        yield server


def test_a_database_that_is_away_costs_time_and_no_job(launch, postgresql):
    service = launch(CHAINRULE_DATABASE_URL=new_database(postgresql))
    service.server.wait_until_ready()
    running = [service.accepted(LONG) for _ in range(2)]
    waiting = [service.accepted(100) for _ in range(3)]
    service.wait_until(lambda: service.job(running[0])["iteration"] > 0)
    postgresql.stop()
    back = time.monotonic() + AWAY_SECONDS
    while time.monotonic() < back:
        service.assert_not_ready("the database does not answer")
        service.assert_calm()
        time.sleep(0.5)
    postgresql.start()
    service.wait_until(service.is_ready)
    later = service.accepted(100)
    for job in (*running, *waiting, later):
        service.wait_for_success(job)


def test_a_service_may_be_there_before_its_database(launch, postgresql):
    url = new_database(postgresql)
    postgresql.stop()
    service = launch(CHAINRULE_DATABASE_URL=url)
    service.wait_until(service.is_listening)
    service.assert_not_ready("the database does not answer")
    service.assert_calm()
    postgresql.start()
    service.wait_until(service.is_ready)
    service.wait_for_success(service.accepted(100))
