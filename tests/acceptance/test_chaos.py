"""Nothing that was accepted is lost, whatever is killed; and the judge of that would notice."""

import asyncio
from copy import deepcopy

import pytest

from tests.acceptance.chaos.__main__ import summary
from tests.acceptance.chaos.judge import broken_promises
from tests.acceptance.chaos.record import Call, Record
from tests.acceptance.chaos.storm import storm


def test_no_promise_is_broken_in_a_storm(tmp_path):
    least = {"worker killed": 3, "service killed": 1, "service stopped": 1}
    record = asyncio.run(storm(tmp_path, seconds=15.0, seed=20261123, least=least))
    assert broken_promises(record) == []
    succeeded = [job for job in record.final.values() if job and job["state"] == "succeeded"]
    assert len(succeeded) > 3, summary(record)
    assert max(job["attempt"] for job in record.final.values() if job) > 1
    assert len(record.ended) > 2


def job(state: str, iteration: int = 0, attempt: int = 1, **more) -> dict:
    finished_at = "2026-11-23T12:00:00Z" if state in ("succeeded", "failed", "cancelled") else None
    return {
        "state": state,
        "iteration": iteration,
        "attempt": attempt,
        "finished_at": finished_at,
        "error": None,
    } | more


@pytest.fixture
def quiet_record():
    """Two jobs of the same body, one followed, one cancelled; nothing went wrong."""
    life = [job("queued", attempt=0), job("running"), job("running", 5), job("succeeded", 10)]
    return Record(
        accepted={"a": {"one"}, "b": {"two"}, "c": {"three"}},
        bodies={"a": 0, "b": 0, "c": 1},
        calls=[
            Call("ask", "one", 200, 1, 2, job("running")),
            Call("ask", "one", 200, 3, 4, job("running", 5)),
            Call("cancel", "three", 200, 5, 6, job("cancelled")),
        ],
        streams={"one": list(enumerate(life, start=1))},
        ended={"one"},
        stops=[0.5],
        final={"one": life[-1], "two": job("succeeded", 10), "three": job("cancelled")},
        networks={"one": "{}", "two": "{}"},
    )


def test_a_quiet_record_breaks_no_promise(quiet_record):
    assert broken_promises(quiet_record) == []


def lose(record):
    record.final["two"] = None


def never_end(record):
    record.final["two"] = job("running", 5)


def accept_twice(record):
    record.accepted["a"].add("two")


def skip_an_event(record):
    del record.streams["one"][1]


def repeat_an_event(record):
    record.streams["one"].insert(1, record.streams["one"][1])


def end_twice(record):
    record.streams["one"].insert(3, (4, job("succeeded", 10)))
    record.streams["one"][4] = (5, job("succeeded", 10))


def move_illegally(record):
    record.streams["one"][2] = (3, job("cancelled", 5))


def change_after_the_end(record):
    record.final["one"] = job("failed", 10, attempt=3, error={"type": "worker-lost", "detail": ""})


def go_back(record):
    record.calls.append(Call("ask", "one", 200, 7, 8, job("running", 4)))


def ignore_a_cancel(record):
    record.final["three"] = job("succeeded", 10)


def remember_the_forgotten(record):
    record.calls.append(Call("forget", "two", 204, 7, 8, None))


def train_differently(record):
    record.networks["two"] = "{1}"


def fail_without_cause(record):
    record.final["two"] = job("failed", error={"type": "urn:x:unexpected", "detail": "?"})


def give_up_too_early(record):
    record.final["two"] = job("failed", 0, 2, error={"type": "urn:x:worker-lost", "detail": "?"})


def stop_slowly(record):
    record.stops.append(5.5)


def answer_500(record):
    record.surprises.append("ask was answered 500: …")


@pytest.mark.parametrize(
    "crime",
    [
        lose,
        never_end,
        accept_twice,
        skip_an_event,
        repeat_an_event,
        end_twice,
        move_illegally,
        change_after_the_end,
        go_back,
        ignore_a_cancel,
        remember_the_forgotten,
        train_differently,
        fail_without_cause,
        give_up_too_early,
        stop_slowly,
        answer_500,
    ],
)
def test_the_judge_notices(quiet_record, crime):
    guilty = deepcopy(quiet_record)
    crime(guilty)
    assert broken_promises(guilty)
