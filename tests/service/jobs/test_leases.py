"""The fence: of any number of drivers that believe to hold a job, one does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from submissions import step, submission

from service.jobs.errors import InvalidTransition, LeaseLost
from service.jobs.job import Failure, JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.storage.schema import jobs
from service.jobs.storage.store import Store
from tests.patience import patience


@pytest.fixture
def mine(store):
    return LeaseStore(store, lease_seconds=5.0)


@pytest.fixture
def theirs(open_store):
    return LeaseStore(open_store(), lease_seconds=5.0)


def assert_fenced_off(claims, claim):
    """No write of a claim that was lost reaches the record."""
    attempts = (
        lambda: claims.record(claim, step(0, 10), 0.5),
        lambda: claims.end(claim, JobState.SUCCEEDED),
        lambda: claims.end(claim, JobState.FAILED, Failure("name", "detail")),
        lambda: claims.release(claim),
        lambda: claims.release(claim, lost="killed"),
    )
    for attempt in attempts:
        with pytest.raises(LeaseLost, match=f"attempt {claim.job.attempt} no longer holds"):
            attempt()


def test_the_oldest_waiting_job_is_taken_up_first(store, mine):
    identifiers = [store.accept(submission()).id for _ in range(3)]
    assert [mine.acquire().job.id for _ in range(3)] == identifiers
    assert mine.acquire() is None


def test_a_claim_carries_what_driving_needs(store, mine, clock):
    job_id = store.accept(submission(time_limit_seconds=9.0)).id
    clock.now += 7
    claim = mine.acquire()
    assert claim.job == store.find(job_id)
    assert claim.job.state is JobState.RUNNING
    assert claim.job.attempt == 1
    assert claim.job.started_at.timestamp() == clock.now
    assert (claim.specification, claim.checkpoint) == ('{"eta": 0.01}', b"0")
    assert (claim.seconds, claim.time_limit_seconds) == (0.0, 9.0)


def test_no_job_is_taken_up_twice_by_drivers_that_race(store, open_store):
    identifiers = {store.accept(submission()).id for _ in range(20)}
    drivers = [LeaseStore(open_store(), lease_seconds=5.0) for _ in range(4)]

    def take_all(claims):
        taken = []
        while (claim := claims.acquire()) is not None:
            taken.append(claim.job.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [job_id for part in pool.map(take_all, drivers) for job_id in part]
    # A driver may pass by while another holds the last row, but between them they get all.
    taken += take_all(drivers[0])
    assert len(taken) == 20
    assert set(taken) == identifiers


def test_a_row_that_another_dispatcher_has_locked_is_skipped_at_once(new_postgresql_url):
    store = Store(new_postgresql_url())
    first, second = (store.accept(submission()).id for _ in range(2))
    lock = select(jobs.c.id).where(jobs.c.id == first).with_for_update()
    claims = LeaseStore(store, lease_seconds=5.0)
    with ThreadPoolExecutor(1) as pool, store.database.write() as connection:
        connection.execute(lock)
        # Released by an error too, after which the thread ends.
        assert pool.submit(claims.acquire).result(patience(10.0)).job.id == second
    assert claims.acquire().job.id == first
    store.close()


def test_a_step_is_written_whole_and_the_next_attempt_begins_there(store, mine, theirs, clock):
    job_id = store.accept(submission()).id
    claim = mine.acquire()
    assert mine.record(claim, step(0, 10, 0.5, metrics={"accuracy": 0.75}), 0.5) is False
    assert mine.record(claim, step(10, 30, 0.25, metrics={"accuracy": 1.0}), 0.75) is False
    mine.release(claim)
    clock.now += 1
    again = theirs.acquire()
    assert again.job.id == job_id
    assert (again.job.iteration, again.job.loss, again.job.attempt) == (30, 0.25, 2)
    assert again.job.metrics == {"accuracy": 1.0}
    assert (again.checkpoint, again.seconds) == (b"30", 1.25)
    assert again.job.started_at == claim.job.started_at


def test_a_lease_keeps_others_off_until_it_expires_and_not_longer(store, mine, theirs, clock):
    job_id = store.accept(submission()).id
    claim = mine.acquire()
    clock.now += 5.0
    assert theirs.acquire() is None
    clock.now += 0.001
    taken_over = theirs.acquire()
    assert taken_over.job.id == job_id
    assert taken_over.job.attempt == 2
    assert_fenced_off(mine, claim)
    assert mine.current() == {}
    assert set(theirs.current()) == {job_id}


@pytest.mark.parametrize("seconds", [-59.0, -1.0, 1.0, 4.9])
def test_a_host_with_another_clock_does_not_take_a_held_lease(store, mine, open_store, seconds):
    store.accept(submission())
    held = mine.acquire()
    other = open_store()
    other.clock = lambda: store.clock() + seconds
    theirs = LeaseStore(other, lease_seconds=5.0)
    assert theirs.acquire() is None
    assert mine.record(held, step(0, 10), 0.5) is False


@pytest.mark.parametrize("renewal", ["record", "renew"])
def test_writing_and_renewing_prolong_the_lease(store, mine, theirs, clock, renewal):
    store.accept(submission())
    claim = mine.acquire()
    clock.now += 4.0
    if renewal == "record":
        mine.record(claim, step(0, 10), 0.5)
    else:
        mine.renew()
    clock.now += 4.0
    assert theirs.acquire() is None
    clock.now += 1.001
    assert theirs.acquire().job.attempt == 2


def test_a_driver_that_takes_its_own_job_up_again_fences_itself_off(store, mine, clock):
    store.accept(submission())
    stale = mine.acquire()
    clock.now += 5.001
    fresh = mine.acquire()
    assert_fenced_off(mine, stale)
    assert mine.record(fresh, step(0, 10), 0.5) is False


def test_a_refused_write_leaves_no_trace(store, mine, theirs, clock):
    job_id = store.accept(submission()).id
    stale = mine.acquire()
    clock.now += 5.001
    fresh = theirs.acquire()
    theirs.record(fresh, step(0, 10), 0.5)
    before = (store.find(job_id), store.events(job_id), store.checkpoint(job_id))
    with pytest.raises(LeaseLost):
        mine.record(stale, step(0, 90), 0.5)
    assert (store.find(job_id), store.events(job_id), store.checkpoint(job_id)) == before
    assert len(store.history(job_id, "loss").values) == 10


def test_a_write_repeated_after_its_confirmation_was_lost_changes_nothing_more(store, mine):
    job_id = store.accept(submission()).id
    claim = mine.acquire()
    for _ in range(2):
        mine.record(claim, step(0, 10, 0.5), 0.0)
    assert len(store.history(job_id, "loss").values) == 10
    assert store.checkpoint(job_id) == b"10"


@pytest.mark.parametrize("end", [JobState.SUCCEEDED, JobState.FAILED])
def test_nothing_follows_the_end_of_a_job(store, mine, end):
    store.accept(submission())
    claim = mine.acquire()
    mine.end(claim, end)
    assert_fenced_off(mine, claim)
    assert mine.acquire() is None


def test_a_forgotten_job_is_fenced_off_by_its_absence(store, mine):
    job_id = store.accept(submission()).id
    claim = mine.acquire()
    store.delete(job_id)
    assert_fenced_off(mine, claim)


def test_a_driver_hears_of_a_cancel_with_its_next_write(store, mine):
    job_id = store.accept(submission()).id
    claim = mine.acquire()
    store.cancel(job_id)
    assert mine.current()[job_id].state is JobState.CANCELLING
    assert mine.record(claim, step(0, 10), 0.5) is True
    assert mine.release(claim).state is JobState.CANCELLED
    assert store.checkpoint(job_id) == b"10"


def test_who_takes_over_a_job_that_is_being_cancelled_is_told(store, mine, theirs, clock):
    job_id = store.accept(submission()).id
    mine.acquire()
    store.cancel(job_id)
    clock.now += 5.001
    claim = theirs.acquire()
    assert claim.job.state is JobState.CANCELLING
    assert theirs.release(claim).state is JobState.CANCELLED


def test_a_job_ends_only_where_the_table_of_moves_says_so(store, mine):
    store.accept(submission())
    claim = mine.acquire()
    with pytest.raises(InvalidTransition, match="the job is running"):
        mine.end(claim, JobState.CANCELLED)
    assert mine.end(claim, JobState.SUCCEEDED).state is JobState.SUCCEEDED


def test_three_workers_lost_in_a_row_fail_the_job_and_say_why(store, mine):
    store.accept(submission())
    for losses in range(2):
        back = mine.release(mine.acquire(), lost="killed by signal 9")
        assert back.state is JobState.QUEUED, losses
    failed = mine.release(mine.acquire(), lost="killed by signal 9")
    assert failed.state is JobState.FAILED
    assert failed.error == Failure(
        "worker-lost", "3 workers in a row were lost during this job: killed by signal 9"
    )
    assert failed.attempt == 3


def test_a_step_written_between_losses_begins_the_row_anew(store, mine):
    store.accept(submission())
    for attempt in range(6):
        claim = mine.acquire()
        if attempt % 2 == 0:
            mine.record(claim, step(attempt * 10, attempt * 10 + 20), 0.5)
        assert mine.release(claim, lost="killed").state is JobState.QUEUED


def test_giving_back_is_no_loss(store, mine):
    store.accept(submission())
    for _ in range(5):
        assert mine.release(mine.acquire()).state is JobState.QUEUED


def test_a_job_given_back_keeps_its_place_before_later_ones(store, mine):
    first = store.accept(submission()).id
    store.accept(submission())
    mine.release(mine.acquire())
    assert mine.acquire().job.id == first
