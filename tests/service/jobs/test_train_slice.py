"""However a training is cut into steps and spread over workers: the same numbers, bit for bit."""

import asyncio
import os
import signal
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from driving import finished, rhythm
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

from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.frames import frame_interval
from core.training.optimizers import GradientDescent
from core.training.trainer import LocalTrainer
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import JobState
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.intervals import StepTiming
from service.jobs.training.config_json import from_text, to_text
from service.jobs.training.task import train_slice
from service.jobs.training.timed_run import FRAMES
from tests.kills import killed_in_time


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/chainrule.db"


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.npy"
    path.write_bytes(npy(np.hstack(samples())))
    return path


@pytest.mark.parametrize("specification", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_a_specification_survives_its_text(specification):
    assert from_text(to_text(specification)) == specification


@pytest.mark.parametrize("specification", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_steps_of_any_length_add_up_to_the_training_in_one_go(specification, data):
    chance = Random(11)  # noqa: S311
    expected_history, expected = undisturbed(specification)
    checkpoint, history, finished = beginning(specification).to_bytes(), {}, False
    while not finished:
        # Every second step is one of a worker that never saw the training before.
        fresh = bytes(bytearray(checkpoint))
        path = data if chance.random() < 0.5 else data.with_name("again.npy")
        path.write_bytes(data.read_bytes())
        step = train_slice(to_text(specification), path, fresh, chance.choice([0.0, 0.003, 0.05]))
        for chunk in step.history:
            assert chunk.start == len(history.get(chunk.name, ()))
            history[chunk.name] = np.append(history.get(chunk.name, ()), chunk.values)
        checkpoint, finished = step.checkpoint, step.finished
    assert_equal_bits(Checkpoint.from_bytes(checkpoint), expected)
    frames = history.pop(FRAMES).reshape(-1, len(expected.parameters))
    assert len(frames) == 1 + expected.iteration // frame_interval(specification)
    assert history.keys() == expected_history.keys()
    for name, values in expected_history.items():
        assert history[name].tobytes() == values.tobytes()


@pytest.mark.parametrize("specification", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_killing_workers_at_random_changes_no_bit(runner, open_store, specification):
    chance = Random(13)  # noqa: S311
    store = open_store()

    async def scenario(specification):
        engine = ProcessExecutor(1)
        # In a worker too: where BLAS has more threads, it may add up in another order.
        expected = await engine.call(undisturbed, specification)
        driver = Dispatcher(
            store, engine, pace=StepTiming(step=0.05, write_every=0.05), rhythm=rhythm()
        )
        await driver.start()
        job = store.accept(order(specification))
        ending = asyncio.create_task(finished(driver, job.id))
        kills = 0
        while not ending.done() and kills < 3:
            # A kill before the first step of an attempt is written would count towards three.
            seen = store.find(job.id)
            await driver.wait_for_change(job.id, seen.version, 5.0)
            if store.find(job.id).iteration > seen.iteration:
                await asyncio.sleep(chance.uniform(0.0, 0.05))
                os.kill(engine.process_ids[0], signal.SIGKILL)
                kills += 1
        job = await ending
        await driver.stop()
        await engine.close()
        return job, kills, expected

    def trained(length):
        longer = replace(specification, iterations=15_000 * length)
        if stopping := specification.early_stopping:
            later = replace(stopping, patience=stopping.patience * length)
            longer = replace(longer, early_stopping=later)
        job, kills, expected = runner.run(scenario(longer))
        return (job, expected) if kills > 0 else None

    job, (expected_history, expected) = killed_in_time(trained)
    assert job.state is JobState.SUCCEEDED
    assert_equal_bits(Checkpoint.from_bytes(store.checkpoint(job.id)), expected)
    for name, values in expected_history.items():
        assert store.history(job.id, name).values.tobytes() == values.tobytes()


def test_a_step_says_how_good_the_network_is_after_it(data):
    step = train_slice(to_text(SMALL), data, beginning(SMALL).to_bytes(), 0.01)
    x, y = samples()
    training = LocalTrainer(SMALL, x, y, Checkpoint.from_bytes(step.checkpoint))
    assert (step.loss, step.metrics["accuracy"]) == (training.loss(), training.accuracy())
    assert step.iteration == training.iteration > 0


def test_what_validation_said_last_stands_in_the_metrics(data):
    specification = replace(SPECIFICATIONS["validation"], iterations=30)
    step = train_slice(to_text(specification), data, beginning(specification).to_bytes(), 10.0)
    seen = {chunk.name: chunk.values for chunk in step.history}["validation_loss"]
    # 45 samples in batches of 8 are 6 iterations an epoch; validation comes after each.
    assert list(np.flatnonzero(~np.isnan(seen))) == [5, 11, 17, 23, 29]
    assert step.metrics["validation_loss"] == seen[29]


def test_a_training_that_diverges_fails_with_its_history_and_advice(tmp_path):
    # One identity unit without bias gradient: w <- w (1 - eta x^2) = -99 w, E = w^2 / 2 grows by
    # 9801 each time, from 1/2 past 1.8e308 in 78 iterations.
    specification = TrainingConfig(
        sizes=(1, 1),
        activations=("identity",),
        optimizer=GradientDescent(eta=100.0),
        iterations=1000,
    )
    path = tmp_path / "data.npy"
    path.write_bytes(npy([[1.0, 0.0]]))
    parameters = np.array([1.0, 0.0])
    start = replace(beginning(specification), parameters=parameters).to_bytes()
    step = train_slice(to_text(specification), path, start, 10.0)
    assert step.failure.name == "diverged"
    assert f"after {step.iteration} iterations" in step.failure.detail
    assert "try a lower eta" in step.failure.detail
    assert 0 < step.iteration < 100
    losses = step.history[0].values
    assert len(losses) == step.iteration
    assert np.isfinite(losses).all()
    assert (np.diff(losses) > 0).all()
