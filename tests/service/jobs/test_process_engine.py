"""The engine on this machine under everything that can happen to a process."""

import asyncio
import os
import signal
import time
from random import Random

import far_calls
import psutil
import pytest

from core.errors import ShapeMismatch
from service.jobs.errors import Lost, Overdue

FOUR_MEGABYTES = 4 * 2**20


def test_a_call_gives_what_the_function_returns(runner, process_engine):
    payload = Random(0).randbytes(FOUR_MEGABYTES)  # noqa: S311
    assert runner.run(process_engine.call(far_calls.double, payload)) == payload + payload


def test_an_error_of_the_function_is_raised_here_and_costs_no_worker(runner, process_engine):
    async def scenario():
        before = process_engine.process_ids
        with pytest.raises(ZeroDivisionError) as caught:
            await process_engine.call(far_calls.divide, 1, 0)
        assert any("in divide" in note for note in caught.value.__notes__)
        return before

    assert sorted(runner.run(scenario())) == sorted(process_engine.process_ids)


def test_an_error_of_the_mathematics_keeps_its_place(runner, process_engine):
    with pytest.raises(ShapeMismatch) as caught:
        runner.run(process_engine.call(far_calls.refuse_politely, "3 of 4"))
    assert caught.value.detail == "3 of 4"
    assert caught.value.place == ("network", "layers", 1)


@pytest.mark.parametrize("function", [far_calls.raise_unportable, far_calls.give_unportable])
def test_what_cannot_travel_is_an_error_and_not_a_loss(runner, process_engine, function):
    with pytest.raises((RuntimeError, AttributeError, TypeError), match=r"1 and 2|lambda"):
        runner.run(process_engine.call(function))


def test_as_many_calls_run_at_once_as_there_are_slots(runner, process_engine):
    async def scenario():
        await asyncio.gather(*(process_engine.call(far_calls.nap, 0.0) for _ in range(2)))
        begin = time.perf_counter()
        await asyncio.gather(*(process_engine.call(far_calls.nap, 0.4) for _ in range(4)))
        return time.perf_counter() - begin

    assert 0.8 <= runner.run(scenario()) < 1.5  # 4 naps of 0.4 s on 2 slots, not 1.6 s on one


def test_a_killed_worker_is_lost_at_once_and_only_to_its_own_call(runner, process_engine):
    async def scenario():
        victim = await process_engine.call(far_calls.process_id)
        calls = [asyncio.create_task(process_engine.call(far_calls.nap, 1.0)) for _ in range(2)]
        await asyncio.sleep(0.2)
        begin = time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        done, pending = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        assert time.perf_counter() - begin < 0.5
        assert isinstance(done.pop().exception(), Lost)
        assert await pending.pop() == 1.0
        assert await process_engine.call(far_calls.divide, 6, 3) == 2.0

    runner.run(scenario())


def test_a_worker_that_dies_idle_costs_the_next_call_nothing(runner, process_engine):
    async def scenario():
        for process_id in process_engine.process_ids:
            os.kill(process_id, signal.SIGKILL)
            psutil.Process(process_id).wait(5)
        return await asyncio.gather(*(process_engine.call(far_calls.divide, 6, 3) for _ in "abc"))

    assert runner.run(scenario()) == [2.0, 2.0, 2.0]


def test_a_function_that_kills_its_process_is_lost_every_time(runner, process_engine):
    for _ in range(3):
        with pytest.raises(Lost):
            runner.run(process_engine.call(far_calls.die))
    assert runner.run(process_engine.call(far_calls.divide, 6, 3)) == 2.0


def test_a_call_that_never_returns_is_stopped_hard_by_its_timeout(runner, process_engine):
    async def scenario():
        hanging = process_engine.call(far_calls.spin_for_ever, timeout=0.5)
        with pytest.raises(Overdue, match=r"within 0.5 s"):
            await hanging
        return await process_engine.call(far_calls.divide, 6, 3)

    assert runner.run(scenario()) == 2.0


def test_cancelling_the_caller_stops_its_worker_and_no_other(runner, process_engine):
    async def scenario():
        spinning = asyncio.create_task(process_engine.call(far_calls.spin_for_ever))
        sleeping = asyncio.create_task(process_engine.call(far_calls.nap, 1.0))
        await asyncio.sleep(0.3)
        before = set(process_engine.process_ids)
        spinning.cancel()
        assert await sleeping == 1.0
        assert len(before & set(process_engine.process_ids)) == 1
        assert await process_engine.call(far_calls.divide, 6, 3) == 2.0

    runner.run(scenario())


def test_closing_ends_every_process_and_every_call(runner, process_engine):
    async def scenario():
        calls = [asyncio.create_task(process_engine.call(far_calls.nap, 60.0)) for _ in range(4)]
        await asyncio.sleep(0.3)
        process_ids = process_engine.process_ids
        await process_engine.close()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Lost] * 4
        return process_ids

    assert not [process for process in runner.run(scenario()) if psutil.pid_exists(process)]


def test_a_worker_knows_no_setting_of_the_service_and_keeps_to_one_thread(
    runner, process_engine, monkeypatch
):
    monkeypatch.setenv("CHAINRULE_DATABASE_URL", "postgresql+psycopg://user:secret@host/db")

    async def scenario():
        await asyncio.gather(*(process_engine.call(far_calls.nap, 0.0) for _ in range(2)))
        for process_id in process_engine.process_ids:
            os.kill(process_id, signal.SIGKILL)
            psutil.Process(process_id).wait(5)
        return await process_engine.call(far_calls.environment)

    environment = runner.run(scenario())
    assert environment["OPENBLAS_NUM_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert "secret" not in "".join(environment.values())


def test_a_worker_loads_neither_the_web_nor_the_database(runner, process_engine):
    modules = runner.run(process_engine.call(far_calls.loaded_modules))
    assert not {"fastapi", "sqlalchemy", "pydantic", "matplotlib"} & set(modules)


def test_random_kills_under_load_lose_only_calls_whose_worker_was_killed(runner, process_engine):
    chance = Random(7)  # noqa: S311

    async def caller(outcomes, end):
        while time.perf_counter() < end:
            payload = chance.randbytes(64) * (FOUR_MEGABYTES // 64)
            try:
                assert await process_engine.call(far_calls.echo, payload, timeout=30) == payload
            except Lost:
                outcomes["lost"] += 1
            else:
                outcomes["answered"] += 1

    async def killer(outcomes, end):
        while time.perf_counter() < end:
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            os.kill(chance.choice(process_engine.process_ids), signal.SIGKILL)
            outcomes["killed"] += 1

    async def scenario():
        outcomes = {"lost": 0, "answered": 0, "killed": 0}
        end = time.perf_counter() + 6.0
        callers = [caller(outcomes, end) for _ in range(4)]
        await asyncio.gather(*callers, killer(outcomes, end))
        # The last kill may still be on its way to the next call, but not beyond.
        calls = [process_engine.call(far_calls.echo, b"x" * FOUR_MEGABYTES) for _ in range(8)]
        replies = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(reply, Lost) for reply in replies) <= 1
        assert sum(reply == b"x" * FOUR_MEGABYTES for reply in replies) >= 7
        return outcomes

    outcomes = runner.run(scenario())
    assert outcomes["killed"] > 10
    assert outcomes["answered"] > 10
    assert 0 < outcomes["lost"] <= outcomes["killed"]
