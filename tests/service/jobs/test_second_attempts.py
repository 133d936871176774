"""What was kept in memory, and what is known before anything was done."""

import asyncio

import numpy as np
import pytest
from submissions import step, submission

from core.training.config import TrainingConfig
from service.jobs.data_parallel import coordinator
from service.jobs.errors import CallTimeout, WorkerLost
from service.jobs.job import Failure, JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import advance_round
from service.jobs.restarts.state import pack, unpack
from service.jobs.runner.intervals import StepTiming
from service.jobs.runner.job_run import JobRun
from service.jobs.step_result import StepResult
from service.jobs.storage.store import Store
from service.jobs.work_slice import WorkSlice

XOR = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], np.float64)
CONFIG = TrainingConfig((2, 3, 1), ("tanh", "sigmoid"), iterations=20)


class WithoutWorkers:
    """An executor between two workers: it has no slot, and performs a call once it has one."""

    slots = 0

    async def call(self, function, *arguments, timeout):
        return function(*arguments)


def slice_of(plan, folder):
    path = folder / "xor.npy"
    np.save(path, XOR)
    return WorkSlice(plan.to_text(), path, pack(plan.beginning(0.25)), 0.1, 10.0)


def test_only_the_first_restart_has_a_loss_before_anything_was_done():
    restarts = RestartPlan.of(CONFIG, 4, 7, 3).beginning(0.25)
    assert [(one.seed, one.loss) for one in restarts] == [(7, 0.25), (8, None), (9, None)]


def test_a_round_while_no_worker_is_up_makes_a_call_all_the_same(tmp_path):
    plan = RestartPlan.of(CONFIG, 4, 0, 3)
    step = asyncio.run(advance_round(WithoutWorkers(), slice_of(plan, tmp_path)))
    assert max(one.iteration for one in unpack(step.checkpoint)) > 0


@pytest.mark.parametrize("checkpoint", [b"written", b"written elsewhere"])
def test_a_shared_training_goes_on_from_the_database(monkeypatch, tmp_path, checkpoint):
    begun = []

    class Shards:
        def __init__(self, specification, data, checkpoint, calls):
            begun.append(checkpoint)
            self.trainer = None

    def run(trainer, rebuild, seconds):
        return StepResult(b"written", 10, 0.5)

    monkeypatch.setattr(coordinator, "RemoteShards", Shards)
    monkeypatch.setattr(coordinator, "run_trainer", run)
    path = tmp_path / "xor.npy"
    np.save(path, XOR)
    for start in (b"accepted", checkpoint):
        work_slice = WorkSlice("shared", path, start, 0.1, 1.0)
        asyncio.run(coordinator.advance_in_shards(WithoutWorkers(), work_slice))
    # What is kept in memory is of the checkpoint that this process wrote last.
    assert begun == [b"accepted", *([] if checkpoint == b"written" else [checkpoint])]


def test_of_two_equal_losses_a_failed_job_keeps_the_later_network_and_shows_its_numbers(sqlite):
    sqlite.accept(submission(iterations=100))
    claims = LeaseStore(sqlite, lease_seconds=5.0)
    claim = claims.acquire()
    for start, loss in ((0, 0.5), (10, 0.25), (20, 0.25), (30, 0.75)):
        done = step(start, start + 10, loss=loss, metrics={"accuracy": float(start)})
        claims.record(claim, done, 0.1)
    job = claims.end(claim, JobState.FAILED, Failure("diverged", "too fast"))
    assert sqlite.checkpoint(job.id) == b"30"
    assert (job.loss, job.metrics["accuracy"], job.metrics["best_iteration"]) == (0.25, 20.0, 30)


def test_two_hosts_whose_clocks_differ_do_not_take_each_others_leases(tmp_path):
    now = [1000.0]
    url = f"sqlite:///{tmp_path}/jobs.db"
    ahead, behind = (Store(url, clock=lambda late=late: now[0] - late) for late in (0.0, 1.0))
    try:
        ahead.accept(submission())
        assert LeaseStore(ahead, lease_seconds=5.0).acquire() is not None
        assert LeaseStore(behind, lease_seconds=5.0).acquire() is None
        now[0] += 7.0
        assert LeaseStore(behind, lease_seconds=5.0).acquire() is not None
    finally:
        ahead.close()
        behind.close()


def test_a_time_limit_goes_on_counting_in_the_next_attempt(sqlite, tmp_path):
    sqlite.accept(submission(time_limit_seconds=3.0))
    claims = LeaseStore(sqlite, lease_seconds=5.0)
    claim = claims.acquire()
    claims.record(claim, step(0, 10), 3.5)
    claims.release(claim)
    again = claims.acquire()
    asked = []

    async def advance(executor, leg):
        asked.append(leg)
        return step(10, 20)

    run = JobRun(again, claims, WithoutWorkers(), advance, StepTiming(step=0.1, write_every=0.1))
    job = asyncio.run(run.run(tmp_path))
    assert (job.state, job.error.name, job.attempt) == (JobState.FAILED, "time-limit-reached", 2)
    assert asked == []


@pytest.mark.parametrize("error", [WorkerLost("it was killed"), CallTimeout(5.0)])
def test_a_worker_that_fails_at_the_time_limit_ends_the_job_in_the_same_attempt(
    sqlite, tmp_path, error
):
    sqlite.accept(submission(time_limit_seconds=0.01))
    claims = LeaseStore(sqlite, lease_seconds=5.0)

    async def advance(executor, leg):
        await asyncio.sleep(0.02)
        raise error

    job = asyncio.run(JobRun(claims.acquire(), claims, None, advance, StepTiming()).run(tmp_path))
    assert (job.state, job.error.name, job.attempt) == (JobState.FAILED, "time-limit-reached", 1)


def test_a_step_takes_no_longer_than_the_time_that_is_left(sqlite, tmp_path):
    sqlite.accept(submission(time_limit_seconds=0.1))
    claims = LeaseStore(sqlite, lease_seconds=5.0)
    asked = []

    async def advance(executor, leg):
        asked.append(leg)
        await asyncio.sleep(leg.seconds)
        return step(0, 10)

    timing = StepTiming(step=0.5, limit_grace=1.0, step_limit=600.0)
    asyncio.run(JobRun(claims.acquire(), claims, None, advance, timing).run(tmp_path))
    assert asked[0].seconds == 0.1
    assert asked[0].timeout == pytest.approx(1.1)
    assert all(leg.seconds <= 0.1 for leg in asked)


@pytest.fixture
def sqlite(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/jobs.db")
    yield store
    store.close()
