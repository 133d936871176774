"""A dispatcher running trainings that the test controls, and the state of its jobs."""

import asyncio
import json
from contextlib import asynccontextmanager
from itertools import pairwise

import far_trainings
import numpy as np
from submissions import npy, submission

from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import ALLOWED
from service.jobs.job_types import single_call
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.intervals import DispatcherTiming, StepTiming
from service.jobs.step_result import StepResult
from tests.patience import patience

PACE = StepTiming(step=0.1, write_every=0.2)
PATIENCE_SECONDS = 30.0


def rhythm():
    """A lease that is renewed in time on a busy machine, and that some tests wait for."""
    return DispatcherTiming(poll=0.2, lease_check=0.1, lease=patience(1.0, at_most=20.0))


@asynccontextmanager
async def driving(store, slots=2, pace=PACE):
    engine = ProcessExecutor(slots)
    driver = Dispatcher(
        store, engine, pace=pace, rhythm=rhythm(), advance=single_call(far_trainings.advance)
    )
    driver.engine = engine
    await driver.start()
    try:
        yield driver
    finally:
        await driver.stop()
        await engine.close()


@asynccontextmanager
async def working(store, slots=2, pace=None):
    """A driver that is at work, and its engine."""
    async with processes(slots) as engine:
        driver = Dispatcher(store, engine, pace=pace, rhythm=rhythm())
        await driver.start()
        try:
            yield driver, engine
        finally:
            await driver.stop()


@asynccontextmanager
async def processes(slots):
    engine = ProcessExecutor(slots)
    try:
        yield engine
    finally:
        await engine.close()


def counting(iterations=100, pace=200, **more):
    specification = {"iterations": iterations, "pace": pace} | more
    limit = specification.pop("time_limit_seconds", None)
    return submission(
        specification=json.dumps(specification),
        iterations=iterations,
        data=npy([[2.0, 0.0]]),
        start=StepResult(b"0", 0, 2.0),
        time_limit_seconds=limit,
    )


async def finished(driver, job_id):
    async with asyncio.timeout(patience(PATIENCE_SECONDS)):
        version = 0
        while True:
            job = await driver.wait_for_change(job_id, version, PATIENCE_SECONDS)
            if job.finished:
                return job
            version = job.version


async def reaches(driver, job_id, condition):
    async with asyncio.timeout(patience(PATIENCE_SECONDS)):
        version = 0
        while True:
            job = await driver.wait_for_change(job_id, version, PATIENCE_SECONDS)
            if condition(job):
                return job
            version = job.version


def assert_history_is_whole(store, job):
    chunk = store.history(job.id, "loss")
    assert chunk.start == 0
    np.testing.assert_array_equal(chunk.values, 2.0 / (1.0 + np.arange(job.iteration)))


def assert_every_move_was_legal(store, job):
    states = [event.job.state for event in store.events(job.id)]
    for before, after in pairwise(states):
        assert before is after or after in ALLOWED[before]
