"""A training that workers share is as obedient as any other, and as hard to lose."""

import asyncio
import os
import signal
import time
from dataclasses import replace
from random import Random

import numpy as np
import psutil
import pytest
from driving import finished, reaches, working
from real_trainings import SHARED, SMALL, assert_equal_bits, order, samples, undisturbed
from submissions import npy

from core.training.checkpoint import Checkpoint
from service.jobs.job import JobState
from service.jobs.runner.intervals import StepTiming
from tests.kills import killed_in_time
from tests.patience import patience


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/chainrule.db"


@pytest.fixture
def clock():
    return time.time


@pytest.mark.parametrize("name", ["full batch", "mini-batches, adam", "validation", "float32"])
def test_killing_workers_at_random_changes_no_bit(runner, open_store, name):
    chance = Random(17)  # noqa: S311
    store = open_store()

    async def scenario(specification):
        async with working(store, pace=StepTiming(step=0.05, write_every=0.05)) as (driver, engine):
            expected = await engine.call(undisturbed, specification)
            job, kills = store.accept(order(specification)), 0
            ending = asyncio.create_task(finished(driver, job.id))
            while not ending.done() and kills < 3:
                # A kill before the first step of an attempt is written would count towards three.
                seen = store.find(job.id)
                await driver.wait_for_change(job.id, seen.version, 5.0)
                if store.find(job.id).iteration > seen.iteration:
                    await asyncio.sleep(chance.uniform(0.0, 0.05))
                    os.kill(chance.choice(engine.process_ids), signal.SIGKILL)
                    kills += 1
            return await ending, kills, expected

    def trained(length):
        longer = replace(SHARED[name], iterations=600 * length)
        job, kills, expected = runner.run(scenario(longer))
        return (job, expected) if kills == 3 else None

    job, (history, expected) = killed_in_time(trained)
    assert job.state is JobState.SUCCEEDED
    assert_equal_bits(Checkpoint.from_bytes(store.checkpoint(job.id)), expected)
    for curve, values in history.items():
        assert store.history(job.id, curve).values.tobytes() == values.tobytes()


async def under_way(engine):
    """Wait until every worker of the engine has computed for a while."""
    async with asyncio.timeout(patience(30)):
        while True:
            spent = [psutil.Process(number).cpu_times().user for number in engine.process_ids]
            if len(spent) == 2 and min(spent) > 0.5:
                return
            await asyncio.sleep(0.02)


# An iteration of this takes a worker some ten seconds.
SLOW = replace(
    SMALL, sizes=(2, 2000, 2000, 1), activations=("tanh", "tanh", "sigmoid"), data_parallel=2
)


@pytest.mark.parametrize("specification", [replace(SMALL, iterations=10**6, data_parallel=2), SLOW])
def test_it_is_cancelled_within_a_second(runner, store, specification):
    rows = npy(np.tile(np.hstack(samples()), (200, 1)))

    async def scenario():
        async with working(store) as (driver, engine):
            job = store.accept(replace(order(specification), data=rows))
            await reaches(driver, job.id, lambda job: job.state is JobState.RUNNING)
            await under_way(engine)
            begin = time.perf_counter()
            store.cancel(job.id)
            end = await finished(driver, job.id)
            took = time.perf_counter() - begin
            # Both workers are there for others at once.
            await asyncio.wait_for(
                asyncio.gather(*(engine.call(abs, -1) for _ in range(2))), patience(5.0)
            )
            return end, took

    job, took = runner.run(scenario())
    assert job.state is JobState.CANCELLED
    assert took < patience(1.0)


def test_stopping_gives_it_back_within_five_seconds(runner, store):
    rows = npy(np.tile(np.hstack(samples()), (200, 1)))

    async def scenario():
        async with working(store) as (driver, engine):
            job = store.accept(replace(order(SLOW), data=rows))
            await reaches(driver, job.id, lambda job: job.state is JobState.RUNNING)
            await under_way(engine)
            begin = time.perf_counter()
            await driver.stop()
            return store.find(job.id), time.perf_counter() - begin

    job, took = runner.run(scenario())
    assert (job.state, job.error) == (JobState.QUEUED, None)
    assert took < patience(5.0)


def test_it_fails_at_its_time_limit_and_keeps_its_network(runner, store):
    specification = replace(SMALL, iterations=10**6, data_parallel=2)

    async def scenario():
        async with working(store) as (driver, _):
            limit = patience(0.6, at_most=20.0)
            job = store.accept(replace(order(specification), time_limit_seconds=limit))
            return await finished(driver, job.id)

    job = runner.run(scenario())
    assert (job.state, job.error.name) == (JobState.FAILED, "time-limit-reached")
    assert Checkpoint.from_bytes(store.checkpoint(job.id)).iteration == job.iteration > 0
