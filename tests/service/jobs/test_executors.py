"""What every engine promises, on this machine and on a cluster: one suite for both."""

import asyncio
import os
import signal
import time
from pathlib import Path
from random import Random

import far_calls
import numpy as np
import pytest
from dask_cluster import until_slots
from submissions import npy

from core.errors import ShapeMismatch
from service.jobs.errors import CallTimeout, WorkerLost
from tests.patience import patience

FOUR_MEGABYTES = 4 * 2**20


async def registered(path, count):
    """The processes that have said who they are."""
    async with asyncio.timeout(patience(30)):
        while not path.exists() or len(path.read_text().split()) < count:
            await asyncio.sleep(0.02)
    return [int(word) for word in path.read_text().split()]


async def answers_again(engine):
    """Both slots are there and work."""
    await until_slots(engine, 2)
    return await asyncio.gather(*(engine.call(far_calls.divide, 6, 3) for _ in range(4)))


def test_a_call_gives_what_the_function_returns(runner, engine):
    payload = Random(0).randbytes(FOUR_MEGABYTES)  # noqa: S311
    assert runner.run(engine.call(far_calls.double, payload)) == payload + payload


def test_a_file_of_data_can_be_read_at_the_other_end(runner, engine, tmp_path):
    rows = np.random.default_rng(0).random((100, 3))
    path = tmp_path / "data.npy"
    path.write_bytes(npy(rows))
    for _ in range(2):
        assert runner.run(engine.call(far_calls.total, path)) == rows.sum()


def test_an_error_of_the_function_is_raised_here_with_its_trace(runner, engine):
    with pytest.raises(ZeroDivisionError) as caught:
        runner.run(engine.call(far_calls.divide, 1, 0))
    assert any("in divide" in note for note in caught.value.__notes__)


def test_an_error_of_the_mathematics_keeps_its_place(runner, engine):
    with pytest.raises(ShapeMismatch) as caught:
        runner.run(engine.call(far_calls.refuse_politely, "3 of 4"))
    assert caught.value.detail == "3 of 4"
    assert caught.value.place == ("network", "layers", 1)


@pytest.mark.parametrize("function", [far_calls.raise_unportable, far_calls.give_unportable])
def test_what_cannot_travel_is_an_error_and_not_a_loss(runner, engine, function):
    with pytest.raises((RuntimeError, AttributeError, TypeError), match=r"1 and 2|lambda"):
        runner.run(engine.call(function))


def test_as_many_calls_run_at_once_as_there_are_slots(runner, engine):
    async def scenario():
        return await asyncio.gather(*(engine.call(far_calls.timed_nap, 0.5) for _ in range(4)))

    naps = runner.run(scenario())
    awake = [sum(begin <= moment < end for begin, end in naps) for moment, _ in naps]
    assert max(awake) == 2


def test_calls_that_want_the_same_rows_at_once_run_on_as_many_workers(runner, engine, tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, np.ones((10**6, 8)))

    async def scenario():
        calls = (engine.call(far_calls.nap_beside, path, 0.3) for _ in range(2))
        return await asyncio.gather(*calls)

    # The first ones bring the rows, the others find them.
    for _ in range(3):
        one, other = runner.run(scenario())
        assert one != other


def test_a_killed_worker_is_lost_at_once_and_only_to_its_own_call(runner, engine, tmp_path):
    async def scenario():
        files, go = [tmp_path / "one", tmp_path / "other"], tmp_path / "go"
        calls = [
            asyncio.create_task(engine.call(far_calls.wait_known, str(file), str(go)))
            for file in files
        ]
        (victim,) = await registered(files[0], 1)
        (survivor,) = await registered(files[1], 1)
        begin = time.perf_counter()
        os.kill(victim, signal.SIGKILL)
        with pytest.raises(WorkerLost):
            await calls[0]
        assert time.perf_counter() - begin < patience(1.0)
        go.touch()
        assert await calls[1] == survivor
        return await answers_again(engine)

    assert runner.run(scenario()) == [2.0] * 4


def test_a_function_that_kills_its_process_is_lost_every_time(runner, engine):
    async def scenario():
        for _ in range(2):
            await until_slots(engine, 1)
            with pytest.raises(WorkerLost):
                await engine.call(far_calls.die)
        return await answers_again(engine)

    assert runner.run(scenario()) == [2.0] * 4


def test_a_call_that_never_returns_is_stopped_hard_by_its_timeout(runner, engine):
    async def scenario():
        begin = time.perf_counter()
        with pytest.raises(CallTimeout, match=r"within 0.5 s"):
            await engine.call(far_calls.spin_for_ever, timeout=0.5)
        assert time.perf_counter() - begin < patience(1.5)
        return await answers_again(engine)

    assert runner.run(scenario()) == [2.0] * 4


def test_a_call_whose_caller_is_cancelled_is_stopped_and_no_other(runner, engine, tmp_path):
    async def scenario():
        file = tmp_path / "spinning"
        spinning = asyncio.create_task(engine.call(far_calls.spin_known, str(file)))
        (process_id,) = await registered(file, 1)
        sleeping = asyncio.create_task(engine.call(far_calls.nap, 1.0))
        spinning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await spinning
        assert await sleeping == 1.0
        async with asyncio.timeout(patience(30)):
            while is_running(process_id):
                await asyncio.sleep(0.05)
        return await answers_again(engine)

    assert runner.run(scenario()) == [2.0] * 4


def is_running(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_closing_the_engine_ends_every_call(runner, engine, tmp_path):
    async def scenario():
        file, closed = tmp_path / "waiting", str(tmp_path / "closed")
        calls = [
            asyncio.create_task(engine.call(far_calls.wait_known, str(file), closed))
            for _ in range(4)
        ]
        await registered(file, 2)
        await engine.close()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        Path(closed).touch()  # a worker of a cluster goes on, and is there for the next test
        assert [type(outcome) for outcome in outcomes] == [WorkerLost] * 4
        with pytest.raises(WorkerLost):
            await engine.call(far_calls.nap, 0.0)

    runner.run(scenario())
