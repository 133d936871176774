"""A worker may have so much memory; what takes more fails alone and says so."""

import asyncio
import time

import pytest

from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import JobState
from service.jobs.job_types import single_call
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.store import Store
from tests.faults import greedy
from tests.faults.trainings import ended, training

MEMORY_BYTES = 2**29
TOO_MUCH = 2**30
MODEST = 2**25


def test_a_call_that_takes_too_much_memory_raises_and_its_worker_goes_on():
    async def scene():
        engine = ProcessExecutor(1, MEMORY_BYTES)
        try:
            before = engine.process_ids
            with pytest.raises(MemoryError):
                await engine.call(greedy.take, TOO_MUCH)
            assert await engine.call(greedy.take, MODEST) == MODEST
            assert engine.process_ids == before
        finally:
            await engine.close()

    asyncio.run(scene())


def test_a_job_that_takes_too_much_memory_fails_alone_and_says_so(tmp_path):
    async def scene(store):
        engine = ProcessExecutor(2, MEMORY_BYTES)
        driver = Dispatcher(store, engine, advance=single_call(greedy.advance))
        jobs = [store.accept(training(str(count))) for count in (MODEST, TOO_MUCH, MODEST)]
        await driver.start()
        try:
            return [await ended(driver, job.id) for job in jobs]
        finally:
            await driver.stop()
            await engine.close()

    store = Store(f"sqlite:///{tmp_path}/chainrule.db", clock=time.time)
    modest, greedy_one, other = asyncio.run(scene(store))
    store.close()
    assert modest.state is other.state is JobState.SUCCEEDED
    assert greedy_one.state is JobState.FAILED
    assert greedy_one.error is not None
    assert greedy_one.error.name == "out-of-memory"
    assert "more memory than a worker may have" in greedy_one.error.detail
    assert "1.00 GiB" in greedy_one.error.detail
    assert greedy_one.attempt == 1
