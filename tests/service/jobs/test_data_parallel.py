"""A training that workers share is the core's, bit for bit, whatever becomes of the workers."""

import asyncio
import os
import signal
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from driving import RHYTHM, finished, reaches
from real_trainings import (
    SMALL,
    SPECIFICATIONS,
    assert_equal_bits,
    beginning,
    order,
    samples,
    undisturbed,
)
from submissions import npy

from core.checkpoint import Checkpoint
from core.optimizers import GradientDescent
from core.specification import EarlyStopping
from service.jobs.driver import Driver
from service.jobs.job import JobState
from service.jobs.kinds import advance_by_kind
from service.jobs.pace import Pace
from service.jobs.process_engine import ProcessEngine
from service.jobs.specification_text import from_text, to_text

SHORT = 50
SHARED = {
    name: replace(one, iterations=SHORT, data_parallel=3) for name, one in SPECIFICATIONS.items()
}
SHARED["early stopping"] = replace(
    SHARED["early stopping"],
    iterations=500,
    batch_size=9,
    early_stopping=EarlyStopping(patience=2),
)
EACH = pytest.mark.parametrize("specification", SHARED.values(), ids=SHARED)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/chainrule.db"


@pytest.fixture
def clock():
    return time.time


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.npy"
    path.write_bytes(npy(np.hstack(samples())))
    return path


@asynccontextmanager
async def working(store, slots=2, pace=None):
    """A driver that is at work, and its engine."""
    async with processes(slots) as engine:
        driver = Driver(store, engine, pace=pace, rhythm=RHYTHM)
        await driver.start()
        try:
            yield driver, engine
        finally:
            await driver.stop()


@asynccontextmanager
async def processes(slots):
    engine = ProcessEngine(slots)
    try:
        yield engine
    finally:
        await engine.close()


async def in_steps(engine, specification, data, seconds=lambda: 0.05):
    """All steps of a training, each from nothing but the bytes of the last."""
    text, steps = to_text(specification), []
    checkpoint = beginning(specification).to_bytes()
    while not steps or not steps[-1].finished:
        step = await advance_by_kind(engine, text, data, checkpoint, seconds(), 60.0)
        steps.append(step)
        checkpoint = step.checkpoint
    return steps


def history_of(steps):
    names = {chunk.name for step in steps for chunk in step.history}
    chunks = [chunk for step in steps for chunk in step.history]
    return {
        name: np.concatenate([one.values for one in chunks if one.name == name]) for name in names
    }


@EACH
def test_it_is_the_cores_training_in_shards(runner, engine, specification, data):
    async def scenario():
        # In a worker too: where BLAS has more threads, it may add up in another order.
        expected = await engine.call(undisturbed, specification)
        return expected, await in_steps(engine, specification, data)

    (expected_history, expected), steps = runner.run(scenario())
    last = Checkpoint.from_bytes(steps[-1].checkpoint)
    assert_equal_bits(last, expected)
    if specification.early_stopping:
        assert 0 < last.iteration < specification.iterations
    history = history_of(steps)
    assert history.keys() == expected_history.keys()
    for name, values in expected_history.items():
        assert history[name].tobytes() == values.tobytes()


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("name", ["mini-batches, adam", "early stopping"])
def test_how_many_workers_there_are_changes_no_bit(runner, data, workers, name):
    specification, chance = SHARED[name], Random(3)  # noqa: S311

    async def scenario():
        async with processes(workers) as engine:
            expected = await engine.call(undisturbed, specification)
            return expected, await in_steps(
                engine, specification, data, lambda: chance.choice([0.0, 0.01, 0.05])
            )

    (_, expected), steps = runner.run(scenario())
    assert len(steps) > 1
    assert_equal_bits(Checkpoint.from_bytes(steps[-1].checkpoint), expected)


def test_a_specification_in_shards_survives_its_text():
    for specification in SHARED.values():
        assert from_text(to_text(specification)) == specification


@pytest.mark.parametrize("name", ["full batch", "mini-batches, adam", "validation", "float32"])
def test_killing_workers_at_random_changes_no_bit(runner, open_store, name):
    specification, chance = replace(SHARED[name], iterations=600), Random(17)  # noqa: S311
    store = open_store()

    async def scenario():
        async with working(store, pace=Pace(step=0.05, write_every=0.05)) as (driver, engine):
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

    job, kills, (history, expected) = runner.run(scenario())
    assert (job.state, kills) == (JobState.SUCCEEDED, 3)
    assert_equal_bits(Checkpoint.from_bytes(store.checkpoint(job.id)), expected)
    for curve, values in history.items():
        assert store.history(job.id, curve).values.tobytes() == values.tobytes()


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
            await asyncio.sleep(1.0)
            begin = time.perf_counter()
            store.cancel(job.id)
            end = await finished(driver, job.id)
            took = time.perf_counter() - begin
            # Both workers are there for others at once.
            await asyncio.wait_for(asyncio.gather(*(engine.call(abs, -1) for _ in range(2))), 5.0)
            return end, took

    job, took = runner.run(scenario())
    assert job.state is JobState.CANCELLED
    assert took < 1.0


def test_stopping_gives_it_back_within_five_seconds(runner, store):
    rows = npy(np.tile(np.hstack(samples()), (200, 1)))

    async def scenario():
        async with working(store) as (driver, _):
            job = store.accept(replace(order(SLOW), data=rows))
            await reaches(driver, job.id, lambda job: job.state is JobState.RUNNING)
            await asyncio.sleep(1.0)
            begin = time.perf_counter()
            await driver.stop()
            return store.find(job.id), time.perf_counter() - begin

    job, took = runner.run(scenario())
    assert (job.state, job.error) == (JobState.QUEUED, None)
    assert took < 5.0


def test_it_fails_at_its_time_limit_and_keeps_its_network(runner, store):
    specification = replace(SMALL, iterations=10**6, data_parallel=2)

    async def scenario():
        async with working(store) as (driver, _):
            job = store.accept(replace(order(specification), time_limit_seconds=0.6))
            return await finished(driver, job.id)

    job = runner.run(scenario())
    assert (job.state, job.error.name) == (JobState.FAILED, "time-limit-reached")
    assert Checkpoint.from_bytes(store.checkpoint(job.id)).iteration == job.iteration > 0


def test_it_diverges_as_the_core_does(runner, engine, data):
    specification = replace(
        SMALL,
        loss="squared",
        activations=("identity", "identity"),
        optimizer=GradientDescent(eta=100.0),
        data_parallel=2,
    )

    async def scenario():
        text, start = to_text(specification), beginning(specification).to_bytes()
        return await advance_by_kind(engine, text, data, start, 10.0, 60.0)

    step = runner.run(scenario())
    assert step.failure.name == "diverged"
    assert f"after {step.iteration} iterations with eta = 100: try a lower" in step.failure.detail
    assert 0 < step.iteration < 100
    assert len(step.history[0].values) == step.iteration
    assert np.isfinite(step.history[0].values).all()
