"""The pictures are imported when nothing else is computed, and not before."""

import asyncio
import threading

import service.warm_up
from service.thread_pool import ComputePool
from tests.patience import patience


def test_the_import_waits_until_no_request_computes(monkeypatch):
    imported: list[str] = []
    monkeypatch.setattr(service.warm_up, "IDLE_SECONDS", 0.001)
    monkeypatch.setattr(service.warm_up, "import_module", imported.append)
    computing, done = threading.Event(), threading.Event()

    def compute():
        computing.set()
        assert done.wait(patience(30))

    async def run():
        pool = ComputePool(threads=2, queue=2, seconds=60)
        request = asyncio.create_task(pool.run(compute, float("inf")))
        warm_up = asyncio.create_task(service.warm_up.import_plots(pool))
        while not computing.is_set():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        assert imported == []
        done.set()
        await asyncio.wait_for(asyncio.gather(request, warm_up), patience(30))
        pool.close()

    asyncio.run(run())
    assert imported == [service.warm_up.MODULE]
