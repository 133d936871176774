"""Drivers one after the other and side by side on one database, SQLite or PostgreSQL."""

import asyncio
import time

import far_trainings
import pytest
from driving import (
    PACE,
    assert_history_is_whole,
    counting,
    driving,
    finished,
    reaches,
    rhythm,
)

from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import JobState
from service.jobs.job_types import single_call
from service.jobs.runner.dispatcher import Dispatcher
from tests.patience import patience


@pytest.fixture
def clock():
    return time.time


def test_a_cancel_by_another_process_is_seen_within_a_second(runner, store, open_store):
    elsewhere = open_store()

    async def scenario():
        async with driving(store) as driver:
            job = store.accept(counting(iterations=10**6))
            await reaches(driver, job.id, lambda job: job.iteration > 0)
            begin = time.perf_counter()
            elsewhere.cancel(job.id)
            while not elsewhere.find(job.id).finished:
                await asyncio.sleep(0.02)
            return time.perf_counter() - begin

    assert runner.run(scenario()) < patience(1.0)


def test_a_job_given_back_goes_on_in_the_next_process(runner, store, open_store, tmp_path):
    given_back = tmp_path / "given back"

    async def scenario():
        async with driving(store) as driver:
            job = store.accept(counting(iterations=300, at=100, until=str(given_back)))
            await reaches(driver, job.id, lambda job: job.iteration > 0)
        given_back.touch()
        async with driving(open_store()) as driver:
            return await finished(driver, job.id)

    job = runner.run(scenario())
    assert (job.state, job.iteration, job.attempt) == (JobState.SUCCEEDED, 300, 2)
    assert_history_is_whole(store, job)


def test_a_job_whose_driver_vanished_goes_on_when_its_lease_is_over(
    runner, store, open_store, tmp_path
):
    vanished = tmp_path / "vanished"

    async def scenario():
        abandoned, timing = ProcessExecutor(1), rhythm()
        driver = Dispatcher(
            store, abandoned, pace=PACE, rhythm=timing, advance=single_call(far_trainings.advance)
        )
        await driver.start()
        job = store.accept(counting(iterations=300, at=100, until=str(vanished)))
        await reaches(driver, job.id, lambda job: job.iteration > 0)
        for task in (*driver._loops, *driver._runs.values()):
            task.cancel()
        await asyncio.sleep(0)
        assert store.find(job.id).state is JobState.RUNNING
        vanished.touch()
        begin = time.perf_counter()
        async with driving(open_store()) as successor:
            await reaches(successor, job.id, lambda job: job.attempt == 2)
            seconds = time.perf_counter() - begin
            job = await finished(successor, job.id)
        await driver.stop()
        await abandoned.close()
        return job, seconds, timing.lease

    job, seconds, lease = runner.run(scenario())
    assert (job.state, job.iteration, job.attempt) == (JobState.SUCCEEDED, 300, 2)
    assert seconds < lease + patience(4.0)
    assert_history_is_whole(store, job)


def test_two_drivers_on_one_database_run_every_job_once(runner, store, open_store):
    async def scenario():
        async with driving(store) as one, driving(open_store()):
            jobs = [store.accept(counting(iterations=30)) for _ in range(20)]
            return await asyncio.gather(*(finished(one, job.id) for job in jobs))

    for job in runner.run(scenario()):
        assert (job.state, job.iteration, job.attempt) == (JobState.SUCCEEDED, 30, 1)
        assert_history_is_whole(store, job)
