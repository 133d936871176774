"""A worker may have so much memory; what takes more fails alone and says so."""

import asyncio
import time
from io import BytesIO

import numpy as np
import pytest

from service.jobs.acceptance import Submission
from service.jobs.driver import Driver
from service.jobs.job import JobState
from service.jobs.process_engine import ProcessEngine
from service.jobs.step import Step
from service.jobs.store import Store
from tests.faults import greedy

MEMORY_BYTES = 2**29
TOO_MUCH = 2**30
MODEST = 2**25


def training_that_takes(count: int) -> Submission:
    data = BytesIO()
    np.save(data, np.zeros((1, 2)))
    return Submission(str(count), 1, data.getvalue(), Step(b"0", 0, 1.0))


async def ended(driver, job_id):
    async with asyncio.timeout(30):
        job = await driver.wait_for_change(job_id, 0, 30)
        while not job.finished:
            job = await driver.wait_for_change(job_id, job.version, 30)
        return job


def test_a_call_that_takes_too_much_memory_raises_and_its_worker_goes_on():
    async def scene():
        engine = ProcessEngine(1, MEMORY_BYTES)
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
        engine = ProcessEngine(2, MEMORY_BYTES)
        driver = Driver(store, engine, advance=greedy.advance)
        jobs = [store.accept(training_that_takes(count)) for count in (MODEST, TOO_MUCH, MODEST)]
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
