"""The engine on this machine, beyond what every engine promises."""

import asyncio
import os
import signal
from random import Random

import far_calls
import psutil
import pytest

from service.jobs.errors import WorkerLost
from service.jobs.executors.process_executor import ProcessExecutor
from tests.patience import patience

MEGABYTE = 2**20
"""More than the buffers between two processes hold."""


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def process_engine(runner):
    """Two workers for all tests: what a test kills is replaced."""
    engine = ProcessExecutor(slots=2)
    yield engine
    runner.run(engine.close())


def test_a_worker_that_dies_idle_costs_the_next_call_nothing(runner, process_engine):
    async def scenario():
        for process_id in process_engine.process_ids:
            os.kill(process_id, signal.SIGKILL)
            psutil.Process(process_id).wait(patience(5))
        return await asyncio.gather(*(process_engine.call(far_calls.divide, 6, 3) for _ in "abc"))

    assert runner.run(scenario()) == [2.0, 2.0, 2.0]


def test_an_idle_worker_that_dies_is_reaped_replaced_and_counted(runner, process_engine):
    async def scenario():
        async with asyncio.timeout(patience(30)):
            while process_engine.workers < 2:
                await asyncio.sleep(0.05)
        (killed, kept), before = process_engine.process_ids, process_engine.worker_restarts
        os.kill(killed, signal.SIGKILL)
        async with asyncio.timeout(patience(30)):
            while killed in process_engine.process_ids or process_engine.workers < 2:
                await asyncio.sleep(0.05)
            while psutil.pid_exists(killed):  # no zombie is left
                await asyncio.sleep(0.05)
        assert kept in process_engine.process_ids
        assert process_engine.worker_restarts == before + 1
        return await process_engine.call(far_calls.divide, 6, 3)

    assert runner.run(scenario()) == 2.0


def test_closing_ends_every_process_and_every_call(runner, tmp_path):
    async def scenario():
        engine = ProcessExecutor(slots=2)
        files = [tmp_path / "one", tmp_path / "other"]
        calls = [
            asyncio.create_task(engine.call(far_calls.nap_known, 600.0, str(file)))
            for file in files
        ]
        calls += [asyncio.create_task(engine.call(far_calls.nap, 600.0)) for _ in range(2)]
        async with asyncio.timeout(patience(30)):
            while not all(file.exists() for file in files):
                await asyncio.sleep(0.02)
        process_ids = engine.process_ids
        await engine.close()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [WorkerLost] * 4
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
            psutil.Process(process_id).wait(patience(5))
        return await process_engine.call(far_calls.environment)

    environment = runner.run(scenario())
    assert environment["OPENBLAS_NUM_THREADS"] == environment["OMP_NUM_THREADS"] == "1"
    assert "secret" not in "".join(environment.values())


def test_a_worker_loads_neither_the_web_nor_the_database(runner, process_engine):
    modules = runner.run(process_engine.call(far_calls.loaded_modules))
    assert not {"fastapi", "sqlalchemy", "pydantic", "matplotlib"} & set(modules)


def test_random_kills_under_load_lose_only_calls_whose_worker_was_killed(runner, process_engine):
    chance = Random(7)  # noqa: S311

    outcomes = {"lost": 0, "answered": 0, "killed": 0}

    def enough():
        return outcomes["killed"] >= 8 and outcomes["answered"] >= 16

    async def caller():
        while not enough():
            payload = chance.randbytes(64) * (MEGABYTE // 64)
            try:
                assert (
                    await process_engine.call(far_calls.echo, payload, timeout=patience(30))
                    == payload
                )
            except WorkerLost:
                outcomes["lost"] += 1
            else:
                outcomes["answered"] += 1

    async def killer():
        while not enough():
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            # On a busy machine a worker needs its time to be there at all.
            if outcomes["answered"] >= outcomes["killed"]:
                os.kill(chance.choice(process_engine.process_ids), signal.SIGKILL)
                outcomes["killed"] += 1

    async def scenario():
        await asyncio.gather(*(caller() for _ in range(4)), killer())
        # The last kill may still be on its way to the next call, but not beyond.
        calls = [process_engine.call(far_calls.echo, b"x" * MEGABYTE) for _ in range(8)]
        replies = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(isinstance(reply, WorkerLost) for reply in replies) <= 1
        assert sum(reply == b"x" * MEGABYTE for reply in replies) >= 7

    runner.run(scenario())
    assert 0 < outcomes["lost"] <= outcomes["killed"]


@pytest.mark.parametrize("outcome", [WorkerLost, asyncio.CancelledError])
@pytest.mark.parametrize("moment", [0.0, 0.05])
def test_closing_ends_a_call_whose_large_arguments_are_on_their_way(runner, moment, outcome):
    async def scenario():
        engine = ProcessExecutor(1)
        call = asyncio.create_task(engine.call(far_calls.double, bytes(2**25)))
        await asyncio.sleep(moment)
        closing = asyncio.create_task(engine.close())
        await asyncio.sleep(0)
        if outcome is asyncio.CancelledError:
            call.cancel()
        await asyncio.wait({closing}, timeout=patience(20.0))
        assert closing.done()
        with pytest.raises(outcome):
            await call
        assert engine.process_ids == []

    runner.run(scenario())
