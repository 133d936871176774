"""A job with restarts is several trainings, each bit for bit as alone, and the best of them."""

import os
import signal
import time
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from driving import finished, reaches
from submissions import npy, submission

from core.errors import Diverged
from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import EarlyStopping, TrainingConfig
from core.training.optimizers import Adam, GradientDescent
from core.training.trainer import LocalTrainer
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job import JobState
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import advance_round, curve_name, summarize
from service.jobs.restarts.state import Restart, number_of_best, pack, unpack
from service.jobs.restarts.task import train_batch
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.runner.intervals import StepTiming
from service.jobs.work_slice import WorkSlice
from tests.kills import killed_in_time
from tests.patience import patience

TINY = TrainingConfig((2, 3, 1), ("tanh", "sigmoid"), optimizer=Adam(eta=0.01), iterations=150)
SPECIFICATIONS = {
    "stacked": TINY,
    "float32": replace(TINY, precision="float32"),
    "mini-batches": replace(TINY, batch_size=8),
    "early stopping": replace(
        TINY, validation_fraction=0.3, batch_size=8, early_stopping=EarlyStopping(patience=9)
    ),
}
COUNT, FIRST = 21, 40
PACE = StepTiming(step=0.05, write_every=0.05)


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/chainrule.db"


@pytest.fixture
def clock():
    return time.time


def samples():
    generator = np.random.default_rng(3)
    x = generator.normal(size=(30, 2))
    y = (x[:, :1] * x[:, 1:] + 0.3 * generator.normal(size=(30, 1)) > 0).astype(float)
    return x, y


def plan_of(specification, count=COUNT) -> RestartPlan:
    return RestartPlan.of(specification, 30, FIRST, count)


def alone(specification, seed) -> tuple[LocalTrainer, np.ndarray]:
    """What POST /train without restarts makes of that seed."""
    generator = np.random.default_rng(seed)
    layers = initial_layers(specification.sizes, specification.activations, generator)
    training = LocalTrainer(specification, *samples(), first_checkpoint(specification, layers))
    return training, training.run(specification.iterations)["loss"]


def assert_each_as_alone(specification, restarts):
    for one in restarts:
        training, _ = alone(specification, one.seed)
        assert one.checkpoint == training.to_bytes()
        assert (one.iteration, one.finished) == (training.iteration, True)
        assert (one.loss, one.metrics["accuracy"]) == training.report()


def rounds(specification, data, restarts, bunch, seconds):
    """Bunches of one size one after the other, as any scheduler might, until all have ended."""
    text = plan_of(specification).to_text()
    while not all(one.ended for one in restarts):
        going = [number for number, one in enumerate(restarts) if not one.ended][:bunch]
        steps = train_batch(text, data, pack([restarts[number] for number in going]), seconds)
        restarts = [one.after(steps[one.seed]) if one.seed in steps else one for one in restarts]
    return restarts


@pytest.mark.parametrize("specification", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
@pytest.mark.parametrize(("bunch", "seconds"), [(COUNT, 10.0), (16, 0.01), (1, 0.01)])
def test_however_they_are_grouped_and_cut_each_restart_is_the_training_alone(
    specification, bunch, seconds
):
    # Stacks have 16 networks, so that a bunch of one here cannot be a whole unit there.
    data = np.hstack(samples())
    beginning = plan_of(specification).beginning()
    assert_each_as_alone(specification, rounds(specification, data, beginning, bunch, seconds))


def test_what_is_packed_is_unpacked_to_the_last_bit():
    plan = plan_of(TINY)
    data = np.hstack(samples())
    steps = train_batch(plan.to_text(), data, pack(plan.beginning()), 0.01)
    restarts = [one.after(steps[one.seed]) for one in plan.beginning()[:16]]
    assert [vars(one) for one in unpack(pack(restarts))] == [vars(one) for one in restarts]


def test_the_best_is_the_first_with_the_least_watched_loss_and_never_one_that_diverged():
    def ranked(*watched, failed=()):
        return number_of_best(
            [
                Restart(seed, watched=one, failure="diverged" if seed in failed else None)
                for seed, one in enumerate(watched)
            ]
        )

    assert ranked(0.3, 0.2, 0.2) == 1
    assert ranked(None, 0.2, inf) == 1
    assert ranked(0.1, 0.2, 0.3, failed=(0,)) == 1
    assert ranked(0.3, 0.2, failed=(0, 1)) == 1
    assert ranked(None, None) == 0


def test_units_that_are_least_far_come_first_and_workers_get_equal_shares():
    plan = plan_of(replace(TINY, batch_size=8), 100)
    assert (plan.at_once, plan.bunch) == (1, 16)
    restarts = [replace(one, iteration=one.seed % 7) for one in plan.beginning()]
    first, second = plan.bunches(restarts, 2)
    assert len(first) == len(second) == 16
    taken = {one.seed for one in (*first, *second)}
    waiting = [one.iteration for one in restarts if one.seed not in taken]
    assert max(one.iteration for one in (*first, *second)) <= min(waiting)
    assert plan.bunches([replace(one, finished=True) for one in restarts], 2) == []


def submitted(store, specification, count=COUNT):
    plan = plan_of(specification, count)
    return store.accept(
        submission(
            specification=plan.to_text(),
            iterations=specification.iterations,
            data=npy(np.hstack(samples())),
            start=summarize(plan, plan.beginning()),
        )
    )


async def driven(store, specification, slots=2, meddle=None, count=COUNT, rounds=1):
    """The job at its end; after this many of its writes `meddle` is called."""
    engine = ProcessExecutor(slots)
    driver = Dispatcher(store, engine, pace=PACE)
    await driver.start()
    try:
        job = submitted(store, specification, count)
        if meddle is not None:
            for _ in range(rounds):
                before = job.iteration
                job = await reaches(
                    driver, job.id, lambda job, before=before: job.iteration > before
                )
            meddle(engine, job)
        return await finished(driver, job.id)
    finally:
        await driver.stop()
        await engine.close()


def test_a_job_is_all_of_them_and_says_which_is_best(runner, store):
    specification = SPECIFICATIONS["mini-batches"]
    job = runner.run(driven(store, specification))
    assert (job.state, job.iteration) == (JobState.SUCCEEDED, specification.iterations)
    restarts = unpack(store.checkpoint(job.id))
    assert_each_as_alone(specification, restarts)
    losses = [one.loss for one in restarts]
    assert (job.loss, job.metrics["best_seed"]) == (
        min(losses),
        FIRST + losses.index(min(losses)),
    )
    for number, one in enumerate(restarts):
        curve = store.history(job.id, curve_name(number, "loss"))
        np.testing.assert_array_equal(curve.values, alone(specification, one.seed)[1])


def test_progress_never_falls_and_all_get_on_evenly(runner, store):
    specification = replace(TINY, batch_size=8, iterations=10**7)

    def cancel(engine, job):
        store.cancel(job.id)

    job = runner.run(driven(store, specification, meddle=cancel, count=6, rounds=5))
    iterations = [event.job.iteration for event in store.events(job.id)]
    assert iterations == sorted(iterations)
    # A round takes two units, at least, from those that are least far.
    made = [one.iteration for one in unpack(store.checkpoint(job.id))]
    assert min(made) > 0
    assert max(made) < sum(made) / 2


@pytest.mark.parametrize("name", ["stacked", "mini-batches"])
def test_a_worker_killed_half_way_changes_no_bit(runner, store, name):
    def kill(engine, job):
        for process in engine.process_ids:
            os.kill(process, signal.SIGKILL)

    def trained(length):
        iterations = length * (4000 if name == "stacked" else 1000)
        specification = replace(SPECIFICATIONS[name], iterations=iterations)
        job = runner.run(driven(store, specification, meddle=kill, count=9))
        return (specification, job) if job.attempt > 1 else None

    specification, job = killed_in_time(trained)
    assert job.state is JobState.SUCCEEDED
    assert_each_as_alone(specification, unpack(store.checkpoint(job.id)))


def test_a_cancelled_job_keeps_the_best_so_far(runner, store):
    specification = replace(TINY, iterations=10**7)
    job = runner.run(driven(store, specification, meddle=lambda engine, job: store.cancel(job.id)))
    assert job.state is JobState.CANCELLED
    restarts = unpack(store.checkpoint(job.id))
    best = restarts[number_of_best(restarts)]
    assert (job.loss, job.metrics["best_seed"]) == (best.loss, best.seed)
    assert best.iteration > 0
    assert job.iteration == sum(one.iteration for one in restarts) // len(restarts)


LINEAR = TrainingConfig((2, 1), ("identity",), optimizer=GradientDescent(eta=90.0), iterations=5000)


def test_a_job_fails_when_all_diverge_and_only_then(runner, store):
    x, _ = samples()
    data, plan = np.hstack([x, x[:, :1]]), RestartPlan.of(LINEAR, 30, FIRST, 3)
    for specification in (LINEAR, replace(LINEAR, batch_size=29)):
        plan = RestartPlan.of(specification, 30, FIRST, 3)
        restarts = plan.beginning()
        steps = train_batch(plan.to_text(), data, pack(restarts), 10.0)
        ended = [one.after(steps[one.seed]) for one in restarts]
        end = summarize(plan, ended)
        assert end.finished
        assert end.loss is None
        assert end.failure.name == "diverged"
        assert "each of the 3 restarts diverged; of seed 40: the loss is" in end.failure.detail
        survived = replace(ended[1], failure=None, finished=True, loss=1.0, watched=1.0)
        one_left = summarize(plan, [ended[0], survived, ended[2]])
        assert (one_left.failure, one_left.metrics["best_seed"]) == (None, FIRST + 1)
        for one in ended:
            generator = np.random.default_rng(one.seed)
            layers = initial_layers((2, 1), "identity", generator)
            start = first_checkpoint(specification, layers)
            with pytest.raises(Diverged) as caught:
                LocalTrainer(specification, x, x[:, :1], start).run(5000)
            assert one.failure.detail == str(caught.value)
            assert Checkpoint.from_bytes(one.checkpoint or start.to_bytes()).iteration == 0


async def rounds_of(engine, plan, path):
    """The last step of as many rounds as it takes."""
    state, text = pack(plan.beginning()), plan.to_text()
    while True:
        step = await advance_round(engine, WorkSlice(text, path, state, 0.02, patience(30.0)))
        if step.finished:
            return step
        state = step.checkpoint


@pytest.mark.parametrize("name", ["stacked", "early stopping"])
def test_on_whatever_engine_each_restart_is_the_training_alone(runner, engine, tmp_path, name):
    path = tmp_path / "data.npy"
    path.write_bytes(npy(np.hstack(samples())))
    step = runner.run(rounds_of(engine, plan_of(SPECIFICATIONS[name]), path))
    assert_each_as_alone(SPECIFICATIONS[name], unpack(step.checkpoint))


def test_a_job_that_is_done_is_done_when_it_is_taken_up_again(runner, process_engine, tmp_path):
    plan = plan_of(replace(TINY, iterations=5))
    path = tmp_path / "data.npy"
    path.write_bytes(npy(np.hstack(samples())))

    async def twice():
        text, start = plan.to_text(), pack(plan.beginning())
        first = await advance_round(
            process_engine, WorkSlice(text, path, start, 1.0, patience(30.0))
        )
        again = WorkSlice(text, path, first.checkpoint, 1.0, patience(30.0))
        return first, await advance_round(process_engine, again)

    first, second = runner.run(twice())
    assert first.finished
    assert second.finished
    assert first.checkpoint == second.checkpoint
    assert second.history == ()
