"""Requests beyond the capacity are refused at once; accepted ones are completed."""

import asyncio
import os
import sys
import threading

import pytest

from core.errors import LimitExceeded
from service.errors import Overloaded
from service.limits import Limits
from service.server.admission import MAX_QUEUE, REQUESTS_PER_TICK, AdmissionMiddleware
from service.settings import Settings
from service.thread_pool import SHORT_OPERATIONS, ComputePool
from tests.patience import patience

LONG = 10 * SHORT_OPERATIONS


def computing(threads=1, queue=1, seconds=10.0):
    return ComputePool(threads, queue, seconds)


async def settle():
    """Let every task go as far as it gets."""
    for _ in range(20):
        await asyncio.sleep(0)


async def wait_until(condition):
    async with asyncio.timeout(patience(10)):
        while not condition():
            await asyncio.sleep(0.001)


def test_beyond_threads_and_queue_nobody_waits():
    async def scene():
        computation = computing(threads=2, queue=3)
        go = threading.Event()
        accepted = [asyncio.create_task(computation.run(go.wait, LONG)) for _ in range(5)]
        await settle()
        with pytest.raises(Overloaded, match="5 running and waiting computations"):
            await computation.run(go.wait, LONG)
        assert await computation.run(lambda: "short", 1.0) == "short"
        go.set()
        assert await asyncio.gather(*accepted) == 5 * [True]
        assert await computation.run(lambda: "room again", LONG) == "room again"
        computation.close()

    asyncio.run(scene())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no niceness")
def test_what_computes_stands_back_for_what_answers():
    async def scene():
        computation = computing()

        def niceness():
            return os.getpriority(os.PRIO_PROCESS, 0)

        before = niceness()
        assert await computation.run(niceness, LONG) >= min(before + 1, 19)
        assert niceness() == before
        computation.close()

    asyncio.run(scene())


def test_an_answer_that_takes_too_long_is_given_up_but_its_thread_is_not_free():
    async def scene():
        computation = computing(seconds=0.05)
        go, begun = threading.Event(), []
        with pytest.raises(Overloaded, match=r"more than 0\.05 s"):
            await computation.run(go.wait, LONG)
        with pytest.raises(Overloaded, match=r"more than 0\.05 s"):
            await computation.run(lambda: begun.append("never"), LONG)
        assert begun == []
        go.set()
        await wait_until(lambda: computation.pending == 0)
        assert await computation.run(lambda: "free", LONG) == "free"
        assert begun == []
        computation.close()

    asyncio.run(scene())


def test_a_client_that_goes_away_leaves_its_place_taken_until_the_thread_is_free():
    async def scene():
        computation = computing(queue=0)
        go = threading.Event()
        gone = asyncio.create_task(computation.run(go.wait, LONG))
        await settle()
        gone.cancel()
        await settle()
        with pytest.raises(Overloaded):
            await computation.run(lambda: None, LONG)
        go.set()
        await wait_until(lambda: computation.pending == 0)
        computation.close()

    asyncio.run(scene())


@pytest.mark.parametrize("digits", [7, 18, 19, 308, 309, 4000])
def test_a_number_of_any_length_is_refused_in_a_short_sentence(digits):
    limits = Limits(Settings(_env_file=None))
    with pytest.raises(LimitExceeded, match="at most 1,000,000 are allowed") as caught:
        limits.budget().points(10**digits, ("n",))
    assert len(str(caught.value)) < 100


class Requests:
    """Requests to an application that notes in which round of the event loop each begins."""

    def __init__(self):
        self.begun = []
        self.answers = []
        self.line = AdmissionMiddleware(self.application)

    async def application(self, scope, receive, send):
        self.begun.append(scope["path"])

    async def answered(self, message):
        self.answers.append(message)

    async def ask(self, path):
        await self.line({"type": "http", "path": path}, None, self.answered)


def test_a_crowd_begins_a_few_at_a_time_in_order_and_a_probe_passes_it():
    async def scene():
        requests = Requests()
        paths = [f"/{number}" for number in range(10 * REQUESTS_PER_TICK)]
        crowd = [asyncio.create_task(requests.ask(path)) for path in paths]
        await asyncio.sleep(0)
        assert requests.begun == paths[:REQUESTS_PER_TICK]
        await requests.ask("/health/live")
        assert requests.begun[-1] == "/health/live"
        await asyncio.gather(*crowd)
        requests.begun.remove("/health/live")
        assert requests.begun == paths

    asyncio.run(scene())


def test_the_line_has_an_end_where_the_answer_is_503():
    async def scene():
        requests = Requests()
        room = REQUESTS_PER_TICK + MAX_QUEUE
        crowd = [asyncio.create_task(requests.ask(f"/{n}")) for n in range(room + 3)]
        await asyncio.gather(*crowd)
        assert len(requests.begun) == room
        heads = [m for m in requests.answers if m["type"] == "http.response.start"]
        assert [head["status"] for head in heads] == 3 * [503]
        assert all(b"retry-after" in dict(head["headers"]) for head in heads)

    asyncio.run(scene())


def test_who_leaves_the_line_keeps_nobody_waiting():
    async def scene():
        requests = Requests()
        crowd = [asyncio.create_task(requests.ask(f"/{n}")) for n in range(100)]
        await asyncio.sleep(0)
        for task in crowd[20:60]:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        assert requests.begun == [f"/{n}" for n in (*range(20), *range(60, 100))]

    asyncio.run(scene())
