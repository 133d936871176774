"""Clients, drivers and time in any order: the record does what a few lines of Python say."""

from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from submissions import step, submission

from service.jobs.errors import (
    IdempotencyMismatch,
    InvalidTransition,
    JobNotFound,
    LeaseLost,
    QueueFull,
)
from service.jobs.job import ALLOWED, FINISHED, Failure, JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.leases.release import LOSSES_ALLOWED
from service.jobs.storage.store import Store

QUEUE_LIMIT = 2
LEASE_SECONDS = 5.0
# Of what a machine has met, the last few are where something can still go wrong.
RECENT = st.integers(0, 4)


def recent(met: list, back: int):
    return met[-1 - back % len(met)]


@dataclass
class Model:
    """What a job is, without a database."""

    state: JobState = JobState.QUEUED
    iteration: int = 0
    attempt: int = 0
    lost: int = 0
    owner: int | None = None
    lease_end: float = 0.0
    moves: list[JobState] = field(default_factory=lambda: [JobState.QUEUED])

    def move(self, state: JobState) -> None:
        assert state is self.state or state in ALLOWED[self.state]
        self.state = state
        self.moves.append(state)
        if state not in (JobState.RUNNING, JobState.CANCELLING):
            self.owner = None


@dataclass(frozen=True)
class Held:
    """A claim as a driver keeps it, lost or not."""

    driver: int
    claim: object


class RecordMachine(RuleBasedStateMachine):
    def new_url(self, folder: str) -> str:
        return f"sqlite:///{folder}/chainrule.db"

    @initialize()
    def open(self):
        self.folder = TemporaryDirectory()
        self.now = 1_700_000_000.0
        self.store = Store(
            self.new_url(self.folder.name), queue_limit=QUEUE_LIMIT, clock=lambda: self.now
        )
        self.drivers = [LeaseStore(self.store, LEASE_SECONDS) for _ in range(2)]
        self.models: dict[str, Model] = {}
        self.keys: dict[str, tuple[str, str]] = {}
        self.accepted: list[str] = []
        self.claims: list[Held] = []
        self.accept(None, "x")

    def teardown(self):
        if hasattr(self, "store"):
            self.compare()
            self.store.close()
            self.folder.cleanup()

    def waiting(self) -> int:
        return sum(model.state is JobState.QUEUED for model in self.models.values())

    def holds(self, held: Held) -> Model | None:
        model = self.models.get(held.claim.job.id)
        mine = model is not None and (model.owner, model.attempt) == (
            held.driver,
            held.claim.job.attempt,
        )
        return model if mine else None

    @rule(key=st.sampled_from([None, None, "a", "b"]), digest=st.sampled_from("xy"))
    def accept(self, key, digest):
        wanted = submission(idempotency_key=key, body_digest=digest if key else None)
        known = self.keys.get(key)
        if known is not None and known[0] in self.models:
            if known[1] != digest:
                with pytest.raises(IdempotencyMismatch):
                    self.store.accept(wanted)
                return
            assert self.store.accept(wanted).id == known[0]
            return
        if self.waiting() >= QUEUE_LIMIT:
            with pytest.raises(QueueFull):
                self.store.accept(wanted)
            return
        job_id = self.store.accept(wanted).id
        self.models[job_id] = Model()
        if key is not None:
            self.keys[key] = (job_id, digest)
        self.accepted.append(job_id)

    def cancel(self, job_id):
        model = self.models.get(job_id)
        if model is None:
            with pytest.raises(JobNotFound):
                self.store.cancel(job_id)
        elif model.state in FINISHED:
            with pytest.raises(InvalidTransition):
                self.store.cancel(job_id)
        else:
            if model.state is JobState.QUEUED:
                model.move(JobState.CANCELLED)
            elif model.state is JobState.RUNNING:
                model.move(JobState.CANCELLING)
            assert self.store.cancel(job_id).state is model.state

    # What ends a job comes as one rule among others, so that jobs live long enough to go wrong.
    @rule(back=RECENT, forget=st.booleans())
    def leave(self, back, forget):
        job_id = recent(self.accepted, back)
        self.forget(job_id) if forget else self.cancel(job_id)

    def forget(self, job_id):
        if self.models.pop(job_id, None) is None:
            with pytest.raises(JobNotFound):
                self.store.delete(job_id)
        else:
            self.store.delete(job_id)

    @rule(driver=st.sampled_from([0, 1]))
    def take(self, driver):
        expected = next(
            (
                job_id
                for job_id, model in self.models.items()
                if model.state is JobState.QUEUED
                or (model.owner is not None and model.lease_end < self.now)
            ),
            None,
        )
        claim = self.drivers[driver].acquire()
        if expected is None:
            assert claim is None
            return
        model = self.models[expected]
        model.move(JobState.RUNNING if model.state is JobState.QUEUED else model.state)
        model.attempt += 1
        model.owner, model.lease_end = driver, self.now + LEASE_SECONDS
        assert (claim.job.id, claim.job.attempt) == (expected, model.attempt)
        assert claim.checkpoint == str(model.iteration).encode()
        self.claims.append(Held(driver, claim))

    @precondition(lambda self: self.claims)
    @rule(back=RECENT, iterations=st.integers(0, 20))
    def record(self, back, iterations):
        held = recent(self.claims, back)
        model = self.holds(held)
        start = model.iteration if model else 0
        done = step(start, start + iterations)
        if model is None:
            with pytest.raises(LeaseLost):
                self.drivers[held.driver].record(held.claim, done, 0.5)
            return
        asked = self.drivers[held.driver].record(held.claim, done, 0.5)
        assert asked is (model.state is JobState.CANCELLING)
        model.iteration, model.lost = start + iterations, 0
        model.lease_end = self.now + LEASE_SECONDS
        model.move(model.state)

    @precondition(lambda self: self.claims)
    @rule(back=RECENT, state=st.sampled_from([*FINISHED, JobState.QUEUED]))
    def end(self, back, state):
        held = recent(self.claims, back)
        model = self.holds(held)
        failure = Failure("name", "detail") if state is JobState.FAILED else None
        refusal = LeaseLost if model is None else InvalidTransition
        if model is None or state not in ALLOWED[model.state]:
            with pytest.raises(refusal):
                self.drivers[held.driver].end(held.claim, state, failure)
        elif state in FINISHED:
            assert self.drivers[held.driver].end(held.claim, state, failure).error == failure
            model.move(state)

    @precondition(lambda self: self.claims)
    @rule(back=RECENT, lost=st.sampled_from([None, "killed", "killed"]))
    def give_back(self, back, lost):
        held = recent(self.claims, back)
        model = self.holds(held)
        if model is None:
            with pytest.raises(LeaseLost):
                self.drivers[held.driver].release(held.claim, lost)
            return
        model.lost += lost is not None
        if model.state is JobState.CANCELLING:
            model.move(JobState.CANCELLED)
        else:
            failed = model.lost >= LOSSES_ALLOWED
            model.move(JobState.FAILED if failed else JobState.QUEUED)
        assert self.drivers[held.driver].release(held.claim, lost).state is model.state

    @rule(seconds=st.sampled_from([1.0, 4.0, 6.0]), renewing=st.sampled_from([None, None, 0, 1]))
    def pass_time(self, seconds, renewing):
        if renewing is not None:
            self.drivers[renewing].renew()
            for model in self.models.values():
                if model.owner == renewing:
                    model.lease_end = self.now + LEASE_SECONDS
        self.now += seconds

    @rule(driver=st.sampled_from([0, 1]))
    def take_once_more(self, driver):
        self.take(driver)

    @rule()
    def compare(self):
        listed = self.store.page(1000).jobs
        assert [job.id for job in listed] == list(self.models)[::-1]
        for job in listed:
            model = self.models[job.id]
            assert (job.state, job.iteration, job.attempt) == (
                model.state,
                model.iteration,
                model.attempt,
            )
            assert (job.finished_at is not None) is (job.state in FINISHED)
            assert [event.job.state for event in self.store.events(job.id)] == model.moves
            assert self.store.events(job.id)[-1].job == job
            assert len(self.store.history(job.id, "loss").values) == model.iteration
        for number, driver in enumerate(self.drivers):
            mine = {job_id for job_id, model in self.models.items() if model.owner == number}
            assert set(driver.current()) == mine


class TestRecordInSqlite(RecordMachine.TestCase):
    settings = settings(max_examples=30, stateful_step_count=60, deadline=None, derandomize=True)


@pytest.fixture(scope="class")
def postgresql_machine(new_postgresql_url):
    RecordInPostgresql.new_url = lambda self, folder: new_postgresql_url()


class RecordInPostgresql(RecordMachine):
    """The same, a new database each time."""


@pytest.mark.usefixtures("postgresql_machine")
class TestRecordInPostgresql(RecordInPostgresql.TestCase):
    settings = settings(max_examples=10, stateful_step_count=60, deadline=None, derandomize=True)
