"""The clock is moved by a day: a job in work goes on, an abandoned one is taken up soon."""

import asyncio
import time

import pytest

from service.jobs.executors.process_executor import ProcessEngine
from service.jobs.job import JobState
from service.jobs.job_types import on_one_worker
from service.jobs.leases.lease_store import Claims
from service.jobs.runner.dispatcher import Driver
from service.jobs.runner.intervals import Rhythm
from service.jobs.storage.store import Store
from tests.faults import patient
from tests.faults.trainings import ended, training

DAY = 86400.0
LEASE = 1.0
RHYTHM = Rhythm(poll=0.2, guard=0.1, lease=LEASE)


class Clock:
    """The machine's, as somebody has set it."""

    moved = 0.0

    def __call__(self) -> float:
        return time.time() + self.moved


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    store = Store(f"sqlite:///{tmp_path}/chainrule.db", clock=clock)
    yield store
    store.close()


async def driven(store, job, meanwhile):
    engine = ProcessEngine(1)
    driver = Driver(store, engine, rhythm=RHYTHM, advance=on_one_worker(patient.advance))
    await driver.start()
    try:
        await meanwhile(driver)
        return await ended(driver, job.id)
    finally:
        await driver.stop()
        await engine.close()


@pytest.mark.parametrize("days", [1, -1])
def test_a_job_in_work_is_brought_to_its_end(store, clock, days):
    job = store.accept(training("30"))

    async def move_the_clock(driver):
        async with asyncio.timeout(30):
            await driver.wait_for_change(job.id, 2, 30)
        clock.moved = days * DAY

    last = asyncio.run(driven(store, job, move_the_clock))
    assert last.state is JobState.SUCCEEDED
    assert last.iteration == 30


@pytest.mark.parametrize("days", [1, -1])
def test_a_job_whose_driver_is_gone_is_taken_up_soon(store, clock, days):
    job = store.accept(training("3"))
    assert Claims(store, LEASE).take() is not None  # and then it crashed
    clock.moved = days * DAY

    async def nothing(driver):
        return None

    last = asyncio.run(driven(store, job, nothing))
    assert last.state is JobState.SUCCEEDED
    assert last.attempt == 2


def test_a_lease_that_holds_is_respected_by_another_driver(store):
    store.accept(training("3"))
    assert Claims(store, LEASE).take() is not None
    assert Claims(store, LEASE).take() is None
