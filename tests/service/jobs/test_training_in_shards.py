"""A training that workers share is the core's bit for bit, on any engine and any number."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from driving import processes
from real_trainings import SHARED, SMALL, assert_equal_bits, beginning, samples, undisturbed
from submissions import npy

from core.training.checkpoint import Checkpoint
from core.training.optimizers import GradientDescent
from service.jobs.job_types import advance_by_kind
from service.jobs.training.config_json import from_text, to_text
from service.jobs.training.timed_run import FRAMES
from service.jobs.work_slice import WorkSlice

EACH = pytest.mark.parametrize("specification", SHARED.values(), ids=SHARED)


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.npy"
    path.write_bytes(npy(np.hstack(samples())))
    return path


async def in_steps(engine, specification, data, seconds=lambda: 0.05):
    """All steps of a training, each from nothing but the bytes of the last."""
    text, steps = to_text(specification), []
    checkpoint = beginning(specification).to_bytes()
    while not steps or not steps[-1].finished:
        step = await advance_by_kind(engine, WorkSlice(text, data, checkpoint, seconds(), 60.0))
        steps.append(step)
        checkpoint = step.checkpoint
    return steps


def history_of(steps):
    names = {chunk.name for step in steps for chunk in step.history} - {FRAMES}
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
        return await advance_by_kind(engine, WorkSlice(text, data, start, 10.0, 60.0))

    step = runner.run(scenario())
    assert step.failure.name == "diverged"
    assert f"after {step.iteration} iterations with eta = 100: try a lower" in step.failure.detail
    assert 0 < step.iteration < 100
    assert len(step.history[0].values) == step.iteration
    assert np.isfinite(step.history[0].values).all()
