"""The clock is moved by a day: a job in work goes on, an abandoned one is taken up soon."""

import asyncio
import time

import pytest

from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import JobState
from service.jobs.job_types import single_call
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.intervals import DispatcherTiming
from service.jobs.storage.store import Store
from tests.faults import patient
from tests.faults.trainings import ended, training
from tests.patience import patience

DAY = 86400.0
LEASE = 1.0
RHYTHM = DispatcherTiming(poll=0.2, lease_check=0.1, lease=LEASE)


class Clock:
    """The machine's clock, set by the test."""

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
    engine = ProcessExecutor(1)
    driver = Dispatcher(store, engine, rhythm=RHYTHM, advance=single_call(patient.advance))
    await driver.start()
    try:
        await meanwhile(driver)
        return await ended(driver, job.id)
    finally:
        await driver.stop()
        await engine.close()


@pytest.mark.parametrize("days", [1, -1])
def test_a_job_in_work_is_brought_to_its_end(store, clock, days):
    job = store.accept(training("15"))

    async def move_the_clock(driver):
        async with asyncio.timeout(patience(30)):
            await driver.wait_for_change(job.id, 2, 30)
        clock.moved = days * DAY

    last = asyncio.run(driven(store, job, move_the_clock))
    assert last.state is JobState.SUCCEEDED
    assert last.iteration == 15


@pytest.mark.parametrize("days", [1, -1])
def test_a_job_whose_driver_is_gone_is_taken_up_soon(store, clock, days):
    job = store.accept(training("3"))
    assert LeaseStore(store, LEASE).acquire() is not None  # and then it crashed
    clock.moved = days * DAY

    async def nothing(driver):
        return None

    last = asyncio.run(driven(store, job, nothing))
    assert last.state is JobState.SUCCEEDED
    assert last.attempt == 2


def test_a_lease_that_holds_is_respected_by_another_driver(store):
    store.accept(training("3"))
    assert LeaseStore(store, LEASE).acquire() is not None
    assert LeaseStore(store, LEASE).acquire() is None
