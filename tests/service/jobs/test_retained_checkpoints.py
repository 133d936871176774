"""Checkpoints kept to look back at: never far from any iteration, and never many."""

import pytest
from submissions import step, submission

from service.jobs.job import Failure, JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.step_result import StepResult
from service.jobs.storage.checkpoints import RETAINED_CHECKPOINTS, SMALL_BYTES

ITERATIONS, STRIDE = 1600, 7


@pytest.fixture
def claim(store):
    store.accept(submission(iterations=ITERATIONS))
    return LeaseStore(store, lease_seconds=5.0).acquire()


def driven(store, claim, stop):
    claims = LeaseStore(store, lease_seconds=5.0)
    for start in range(0, stop, STRIDE):
        claims.record(claim, step(start, start + STRIDE), 0.1)
    return claims


def test_any_iteration_has_a_checkpoint_at_most_a_stretch_before_it(store, claim):
    driven(store, claim, ITERATIONS - STRIDE)
    kept = {int(store.checkpoint_before(claim.job.id, k)) for k in range(ITERATIONS)}
    assert len(kept) <= RETAINED_CHECKPOINTS + 2  # and the newest and the best
    for k in range(ITERATIONS - STRIDE):
        assert 0 <= k - int(store.checkpoint_before(claim.job.id, k)) <= 100 + 2 * STRIDE


def test_the_result_of_a_failed_job_is_its_best_and_nothing_after_it_is_kept(store, claim):
    claims = driven(store, claim, 700)
    claims.record(claim, step(700, 1400, loss=9.0), 0.1)
    claims.end(claim, JobState.FAILED, Failure("diverged", "too fast"))
    assert store.checkpoint(claim.job.id) == b"700"
    assert store.checkpoint_before(claim.job.id, ITERATIONS) == b"700"


def test_of_a_large_network_only_the_beginning_is_kept(store, claim):
    claims = LeaseStore(store, lease_seconds=5.0)
    for iteration in (100, 300, 900):
        large = StepResult(bytes(SMALL_BYTES + 1), iteration, 1.0 / iteration)
        claims.record(claim, large, 0.1)
    assert store.checkpoint_before(claim.job.id, 899) == b"0"
