"""The driver brings every job to an end, whatever becomes of its workers and its client."""

import asyncio
import time

import pytest
from driving import (
    assert_every_move_was_legal,
    assert_history_is_whole,
    counting,
    driving,
    finished,
    reaches,
)

from service.jobs.errors import JobNotFound
from service.jobs.job import Failure, JobState
from service.jobs.runner.intervals import StepTiming
from tests.patience import patience


@pytest.fixture
def database_url(tmp_path):
    return f"sqlite:///{tmp_path}/chainrule.db"


@pytest.fixture
def clock():
    return time.time


def test_a_job_is_driven_to_its_end(runner, store):
    async def scenario():
        async with driving(store) as driver:
            return await finished(driver, store.accept(counting()).id)

    job = runner.run(scenario())
    assert job.state is JobState.SUCCEEDED
    assert (job.iteration, job.attempt, job.loss) == (100, 1, 2.0 / 100)
    assert job.metrics == {"accuracy": 0.5}
    assert job.created_at <= job.started_at <= job.finished_at
    assert store.checkpoint(job.id) == b"100"
    assert_history_is_whole(store, job)
    assert_every_move_was_legal(store, job)


def test_as_many_jobs_run_as_there_are_slots_and_the_others_wait(runner, store, tmp_path):
    seen = tmp_path / "seen"

    async def scenario():
        async with driving(store) as driver:
            wanted = {"iterations": 150, "at": 50, "until": str(seen)}
            jobs = [store.accept(counting(**wanted)) for _ in range(5)]
            for job in jobs[:2]:
                await reaches(driver, job.id, lambda job: job.iteration > 0)
            counts = store.count_by_state()
            assert (counts[JobState.RUNNING], counts[JobState.QUEUED]) == (2, 3)
            seen.touch()
            return await asyncio.gather(*(finished(driver, job.id) for job in jobs))

    jobs = runner.run(scenario())
    assert {job.state for job in jobs} == {JobState.SUCCEEDED}
    assert [job.attempt for job in jobs] == [1] * 5


def test_another_worker_goes_on_where_one_was_lost(runner, store, tmp_path):
    async def scenario():
        async with driving(store) as driver:
            accident = {"accident": "die once", "at": 100, "mark": str(tmp_path / "mark")}
            return await finished(driver, store.accept(counting(iterations=200, **accident)).id)

    job = runner.run(scenario())
    assert (job.state, job.iteration, job.attempt) == (JobState.SUCCEEDED, 200, 2)
    assert_history_is_whole(store, job)
    assert_every_move_was_legal(store, job)
    states = [event.job.state for event in store.events(job.id)]
    assert states.count(JobState.QUEUED) == 2


def test_a_job_that_kills_three_workers_has_failed_and_disturbs_no_other(runner, store):
    async def scenario():
        async with driving(store) as driver:
            healthy = store.accept(counting(iterations=300))
            deadly = store.accept(counting(accident="die", at=50))
            return await finished(driver, healthy.id), await finished(driver, deadly.id)

    healthy, deadly = runner.run(scenario())
    assert (healthy.state, healthy.attempt) == (JobState.SUCCEEDED, 1)
    assert (deadly.state, deadly.attempt) == (JobState.FAILED, 3)
    assert deadly.error.name == "worker-lost"
    assert deadly.error.detail.startswith("3 workers in a row were lost during this job: worker ")
    assert deadly.iteration < 50
    assert_history_is_whole(store, deadly)


@pytest.mark.parametrize(
    ("accident", "failure"),
    [
        ("fail", Failure("diverged", "lower eta")),
        ("be impossible", Failure("impossible", "weights[0] is inf")),
        (
            "raise",
            Failure(
                "unexpected",
                "something unexpected ended the training; it is logged with the job's id",
            ),
        ),
    ],
)
def test_a_training_that_cannot_go_on_has_failed_and_says_why(runner, store, accident, failure):
    async def scenario():
        async with driving(store) as driver:
            return await finished(driver, store.accept(counting(accident=accident, at=50)).id)

    job = runner.run(scenario())
    assert (job.state, job.error, job.attempt) == (JobState.FAILED, failure, 1)


@pytest.mark.parametrize("accident", [None, "hang"])
def test_a_running_job_is_cancelled_within_a_second_even_if_it_hangs(runner, store, accident):
    async def scenario():
        async with driving(store) as driver:
            job = store.accept(counting(iterations=10**6, accident=accident, at=50))
            await reaches(driver, job.id, lambda job: job.iteration > 0)
            begin = time.perf_counter()
            assert store.cancel(job.id).state is JobState.CANCELLING
            job = await finished(driver, job.id)
            assert time.perf_counter() - begin < patience(1.0)
            assert job.state is JobState.CANCELLED
            following = await finished(driver, store.accept(counting()).id)
            assert following.state is JobState.SUCCEEDED
            return job

    job = runner.run(scenario())
    assert_history_is_whole(store, job)
    assert_every_move_was_legal(store, job)


def test_a_forgotten_job_frees_its_slot(runner, store):
    async def scenario():
        async with driving(store, slots=1) as driver:
            hanging = store.accept(counting(accident="hang", at=0))
            await reaches(driver, hanging.id, lambda job: job.state is JobState.RUNNING)
            store.delete(hanging.id)
            with pytest.raises(JobNotFound):
                await driver.wait_for_change(hanging.id, 0, patience(1.0))
            return await finished(driver, store.accept(counting()).id)

    assert runner.run(scenario()).state is JobState.SUCCEEDED


@pytest.mark.parametrize("accident", [None, "hang"])
def test_a_job_ends_at_its_time_limit_with_its_best_network(runner, store, accident):
    # Time enough for a worker that runs to write its first step.
    limit = round(patience(0.5, at_most=20.0), 1)

    async def scenario():
        async with driving(store) as driver:
            await finished(driver, store.accept(counting()).id)  # a worker has started
            wanted = counting(iterations=10**6, time_limit_seconds=limit, accident=accident, at=60)
            begin = time.perf_counter()
            job = await finished(driver, store.accept(wanted).id)
            return job, time.perf_counter() - begin

    job, seconds = runner.run(scenario())
    assert limit <= seconds < limit + patience(3.0)
    assert job.state is JobState.FAILED
    assert job.error == Failure(
        "time-limit-reached",
        f"the time limit of {limit:g} s was reached after {job.iteration} of 1000000 iterations; "
        "the best network so far is kept",
    )
    assert int(store.checkpoint(job.id)) == job.iteration > 0  # its loss falls all the time
    assert_history_is_whole(store, job)


@pytest.mark.parametrize("accident", [None, "hang"])
def test_stopping_gives_running_jobs_back_within_five_seconds(runner, store, accident):
    async def scenario():
        async with driving(store) as driver:
            running = store.accept(counting(iterations=10**6, accident=accident, at=50))
            cancelled = store.accept(counting(iterations=10**6, accident=accident, at=50))
            waiting = store.accept(counting())
            for job in (running, cancelled):
                await reaches(driver, job.id, lambda job: job.iteration > 0)
            begin = time.perf_counter()
            stop = asyncio.create_task(driver.stop())
            await asyncio.sleep(0)
            store.cancel(cancelled.id)
            await stop
            seconds = time.perf_counter() - begin
            return seconds, [store.find(job.id) for job in (running, cancelled, waiting)]

    seconds, (running, cancelled, waiting) = runner.run(scenario())
    assert seconds < patience(5.0)
    assert running.state is JobState.QUEUED
    assert int(store.checkpoint(running.id)) == running.iteration > 0
    assert cancelled.state is JobState.CANCELLED
    assert (waiting.state, waiting.attempt) == (JobState.QUEUED, 0)
    assert_history_is_whole(store, running)


def test_writing_takes_its_share_of_the_time_and_no_more(runner, store):
    async def scenario():
        pace = StepTiming(step=0.05, write_every=0.0, write_share=0.05)
        async with driving(store, pace=pace) as driver:
            wanted = counting(iterations=200, padding=4 * 10**6)
            return await finished(driver, store.accept(wanted).id)

    job = runner.run(scenario())
    writes = [event for event in store.events(job.id) if event.job.iteration > 0]
    assert job.state is JobState.SUCCEEDED
    # A write is due after every step, but for its share of the time: fewer are written than made.
    assert 2 <= len(writes) < job.iteration / 2
    assert_history_is_whole(store, job)


def test_who_waits_for_a_change_hears_at_once_and_otherwise_in_time(runner, store):
    async def scenario():
        async with driving(store, slots=1) as driver:
            blocking = store.accept(counting(accident="hang", at=0))
            job = store.accept(counting())
            await reaches(driver, blocking.id, lambda job: job.state is JobState.RUNNING)
            begin = time.perf_counter()
            same = await driver.wait_for_change(job.id, job.version, 0.5)
            assert same == job
            assert 0.5 <= time.perf_counter() - begin < patience(1.0)
            waiting = asyncio.create_task(driver.wait_for_change(job.id, job.version, 30.0))
            await asyncio.sleep(0.1)
            begin = time.perf_counter()
            store.cancel(job.id)
            assert (await waiting).state is JobState.CANCELLED
            assert time.perf_counter() - begin < patience(0.3)

    runner.run(scenario())
