"""What the record promises to those who submit jobs, on either database."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from submissions import npy, step, submission

from service.jobs.errors import (
    IdempotencyMismatch,
    InvalidCursor,
    InvalidTransition,
    JobNotFound,
    QueueFull,
)
from service.jobs.job import Failure, JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.runner.retention import Retention, expire_jobs
from service.jobs.step_result import HistoryChunk, StepResult


def test_an_accepted_job_waits_with_all_that_it_needs(store, clock):
    job = store.accept(submission(data=npy([[1, 2, 3]])))
    assert job == store.find(job.id)
    assert job.state is JobState.QUEUED
    assert (job.iteration, job.iterations, job.loss, job.attempt) == (0, 100, 1.0, 0)
    assert job.created_at.timestamp() == clock.now
    assert job.created_at.utcoffset().total_seconds() == 0
    assert job.started_at is job.finished_at is job.error is None
    assert store.specification(job.id) == '{"eta": 0.01}'
    assert store.checkpoint(job.id) == b"0"
    np.testing.assert_array_equal(store.data(job.id), [[1, 2, 3]])


def test_a_job_outlives_the_process_that_accepted_it(open_store):
    job = open_store().accept(submission())
    assert open_store().find(job.id) == job


def test_no_two_jobs_share_an_identifier_and_none_can_be_guessed(store):
    identifiers = {store.accept(submission()).id for _ in range(20)}
    assert len(identifiers) == 20
    assert all(len(identifier) == 32 for identifier in identifiers)


def test_a_full_queue_keeps_nothing_of_the_job_it_refuses(open_store):
    store = open_store(queue_limit=2)
    kept = [store.accept(submission()).id for _ in range(2)]
    with pytest.raises(QueueFull, match="maximum of 2 jobs") as caught:
        store.accept(submission(idempotency_key="third", body_digest="d"))
    assert caught.value.retry_after_seconds > 0
    assert [job.id for job in store.page(10).jobs] == kept[::-1]
    store.cancel(kept[0])
    assert store.accept(submission(idempotency_key="third", body_digest="e")).id not in kept


def test_many_clients_at_once_cannot_overfill_the_queue(open_store):
    store = open_store(queue_limit=5)

    def accept(_):
        try:
            return store.accept(submission()).id
        except QueueFull:
            return None

    with ThreadPoolExecutor(8) as pool:
        accepted = [job_id for job_id in pool.map(accept, range(24)) if job_id]
    assert len(set(accepted)) == 5
    assert store.count_by_state()[JobState.QUEUED] == 5


def test_an_idempotency_key_gives_the_same_job_whenever_it_comes(open_store):
    store = open_store(queue_limit=1)
    first = store.accept(submission(idempotency_key="key", body_digest="body"))
    again = open_store(queue_limit=1).accept(submission(idempotency_key="key", body_digest="body"))
    assert again == first
    with pytest.raises(IdempotencyMismatch, match="'key'"):
        store.accept(submission(idempotency_key="key", body_digest="other body"))


def test_the_same_idempotency_key_from_many_clients_at_once_is_one_job(store):
    def accept(_):
        return store.accept(submission(idempotency_key="key", body_digest="body")).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(accept, range(16)))) == 1
    assert len(store.page(10).jobs) == 1


def test_pages_list_every_job_once_from_the_newest_to_the_oldest(store):
    identifiers = [store.accept(submission()).id for _ in range(7)]
    listed, cursor = [], None
    while True:
        page = store.page(3, cursor)
        listed += [job.id for job in page.jobs]
        store.accept(submission())  # newer jobs do not disturb
        cursor = page.next
        if cursor is None:
            break
    assert listed == identifiers[::-1]


def test_a_page_of_one_state_has_no_other(store):
    jobs = [store.accept(submission()) for _ in range(4)]
    for job in jobs[::2]:
        store.cancel(job.id)
    page = store.page(10, state=JobState.CANCELLED)
    assert [job.id for job in page.jobs] == [jobs[2].id, jobs[0].id]
    assert store.page(2, state=JobState.QUEUED).next is None


@pytest.mark.parametrize("cursor", ["", "x", "am9iOg", "am9iOi0x", "ä", "am9iOjAx", "a" * 100])
def test_a_cursor_that_we_did_not_give_is_refused(store, cursor):
    with pytest.raises(InvalidCursor):
        store.page(3, cursor)


def test_counts_name_every_state(store):
    store.accept(submission())
    store.cancel(store.accept(submission()).id)
    counted = dict.fromkeys(JobState, 0) | {JobState.QUEUED: 1, JobState.CANCELLED: 1}
    assert store.count_by_state() == counted


def test_a_queued_job_is_cancelled_at_once_and_then_past_cancelling(store, clock):
    job = store.cancel(store.accept(submission()).id)
    assert job.state is JobState.CANCELLED
    assert job.finished_at.timestamp() == clock.now
    with pytest.raises(InvalidTransition, match="the job is cancelled"):
        store.cancel(job.id)


def test_cancelling_a_running_job_twice_asks_once(store):
    job = store.accept(submission())
    LeaseStore(store, lease_seconds=5.0).acquire()
    asked = store.cancel(job.id)
    assert asked.state is JobState.CANCELLING
    assert store.cancel(job.id) == asked


def test_what_was_forgotten_is_nowhere(store):
    job = store.accept(submission())
    path = store.files.ensure(job.id)
    store.delete(job.id)
    assert not path.exists()
    asks = (
        store.find,
        store.cancel,
        store.delete,
        store.events,
        store.specification,
        store.data,
        store.checkpoint,
        store.curves,
        store.files.ensure,
    )
    for ask in asks:
        with pytest.raises(JobNotFound, match=job.id):
            ask(job.id)
    with pytest.raises(JobNotFound):
        store.history(job.id, "loss")


def test_a_job_whose_driver_works_can_be_forgotten(store):
    claims = LeaseStore(store, lease_seconds=5.0)
    job = store.accept(submission())
    claim = claims.acquire()
    claims.record(claim, step(0, 10), 0.5)
    store.delete(job.id)
    assert claims.current() == {}


def test_events_number_every_change_without_a_gap(store):
    claims = LeaseStore(store, lease_seconds=5.0)
    job_id = store.accept(submission()).id
    claim = claims.acquire()
    for start in range(0, 50, 10):
        claims.record(claim, step(start, start + 10), 0.5)
    last = claims.end(claim, JobState.SUCCEEDED)
    events = store.events(job_id)
    assert [event.number for event in events] == list(range(1, 9))
    assert [event.job.version for event in events] == [event.number for event in events]
    assert [event.job.iteration for event in events] == [0, 0, 10, 20, 30, 40, 50, 50]
    assert events[-1].job == last == store.find(job_id)
    assert store.events(job_id, after=3, limit=2) == events[3:5]
    assert store.events(job_id, after=8) == []


def test_history_is_kept_whole_however_it_was_cut(store):
    claims = LeaseStore(store, lease_seconds=5.0)
    job_id = store.accept(submission()).id
    claim = claims.acquire()
    cuts = [0, 1, 10, 11, 40, 90]
    for start, stop in pairwise(cuts):
        claims.record(claim, step(start, stop), 0.5)
    expected = 1.0 / (1.0 + np.arange(90))
    for start, stop in [(0, None), (0, 90), (5, 12), (11, 40), (39, 41), (0, 1), (80, 200)]:
        chunk = store.history(job_id, "loss", start, stop)
        assert chunk.start == start
        np.testing.assert_array_equal(chunk.values, expected[start:stop])
    assert len(store.history(job_id, "loss", 90).values) == 0
    assert store.curves(job_id) == ["loss"]


def test_a_million_iterations_cost_eight_bytes_each(store):
    claims = LeaseStore(store, lease_seconds=5.0)
    job_id = store.accept(submission()).id
    claim = claims.acquire()
    losses = np.random.default_rng(0).random(10**6)
    for start in range(0, 10**6, 50_000):
        chunk = HistoryChunk("loss", start, losses[start : start + 50_000])
        claims.record(claim, StepResult(b"c", start + 50_000, 1.0, history=(chunk,)), 0.5)
    np.testing.assert_array_equal(store.history(job_id, "loss").values, losses)


def test_a_failed_job_keeps_its_best_network_and_any_other_its_newest(store):
    for state, kept in [(JobState.FAILED, b"20"), (JobState.SUCCEEDED, b"40")]:
        claims = LeaseStore(store, lease_seconds=5.0)
        job_id = store.accept(submission()).id
        claim = claims.acquire()
        for start, loss in [(0, 0.5), (10, 0.2), (20, 0.3), (30, 0.9)]:
            claims.record(claim, step(start, start + 10, loss), 0.5)
        assert store.checkpoint(job_id) == b"40"
        failure = Failure("x", "y") if state is JobState.FAILED else None
        assert claims.end(claim, state, failure).error == failure
        assert store.checkpoint(job_id) == kept


def test_finished_jobs_go_by_age_and_by_number_and_others_stay(store, clock):
    finished = []
    for _ in range(6):
        finished.append(store.cancel(store.accept(submission()).id).id)
        clock.now += 10
    waiting = store.accept(submission()).id
    # They finished 60, 50, … 10 seconds ago: the first two are older than 45 seconds.
    assert expire_jobs(store, Retention(seconds=45.0, jobs=100)) == 2
    assert expire_jobs(store, Retention(seconds=45.0, jobs=3)) == 1
    assert [job.id for job in store.page(10).jobs] == [waiting, *finished[:2:-1]]


def test_the_data_file_is_made_again_when_it_is_missing_or_not_whole(store):
    job_id = store.accept(submission()).id
    path = store.files.ensure(job_id)
    whole = path.read_bytes()
    np.testing.assert_array_equal(np.load(path, mmap_mode="r"), [[1, 2, 0], [3, 4, 1]])
    path.write_bytes(whole[:-1])
    assert store.files.ensure(job_id).read_bytes() == whole
    path.unlink()
    assert store.files.ensure(job_id).read_bytes() == whole


def test_a_change_is_told_after_it_can_be_read(store):
    heard = []
    store.notices.subscribe(lambda job_id: heard.append(store.find(job_id).state))
    job = store.accept(submission())
    store.cancel(job.id)
    assert heard == [JobState.QUEUED, JobState.CANCELLED]


def test_every_change_by_a_driver_is_announced(store):
    claims, heard = LeaseStore(store, lease_seconds=5.0), []
    first, second = (store.accept(submission()).id for _ in range(2))
    store.notices.subscribe(lambda job_id: heard.append((job_id, store.find(job_id).state)))
    claim = claims.acquire()
    claims.record(claim, step(0, 10), 0.5)
    claims.end(claim, JobState.SUCCEEDED)
    claims.release(claims.acquire())
    running = [(first, JobState.RUNNING)] * 2
    begun = [(second, JobState.RUNNING), (second, JobState.QUEUED)]
    assert heard == [*running, (first, JobState.SUCCEEDED), *begun]
