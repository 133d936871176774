"""How a training that several workers share goes on: they give gradients, the steps are made here.

In each iteration the parameters travel to as many calls as there are shards; their gradients come
back and are added in the order of the shards, so it does not matter which worker was faster.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core.training.trainer import Descent
from service.jobs.data_parallel.remote_shards import FarShards
from service.jobs.executors.blocking_calls import Calls
from service.jobs.executors.executor import Engine
from service.jobs.step_result import Step
from service.jobs.training.timed_run import descend
from service.jobs.work_slice import Leg

KEPT = 4
"""Descents between two of their steps; one made anew looks at all samples sooner than it had to."""

_kept: OrderedDict[tuple[str, Path], tuple[bytes, FarShards]] = OrderedDict()


async def advance_in_shards(engine: Engine, leg: Leg) -> Step:
    """Train on as `advance` does, to the same numbers as `Training`; an `Advance`."""
    calls = Calls(engine, leg.timeout)

    def begin() -> FarShards:
        return FarShards(leg.specification, leg.data, leg.checkpoint, calls)

    def anew() -> Descent:
        return begin().descent

    def work() -> tuple[FarShards, Step]:
        shards = _take(leg) or begin()
        shards.calls = calls
        return shards, descend(shards.descent, anew, leg.seconds)

    # A thread of its own: it waits for workers most of the time, and others need the shared ones.
    thread = ThreadPoolExecutor(1, thread_name_prefix="data-parallel")
    try:
        shards, step = await asyncio.get_running_loop().run_in_executor(thread, work)
    finally:
        await calls.close()
        thread.shutdown(wait=False)
    if not step.finished and step.failure is None:
        _keep(leg, step.checkpoint, shards)
    return step


def _take(leg: Leg) -> FarShards | None:
    left_at, shards = _kept.pop((leg.specification, leg.data), (b"", None))
    return shards if left_at == leg.checkpoint else None


def _keep(leg: Leg, checkpoint: bytes, shards: FarShards) -> None:
    _kept[leg.specification, leg.data] = checkpoint, shards
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
