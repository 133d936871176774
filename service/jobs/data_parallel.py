"""How a training that several workers share goes on: they give gradients, the steps are made here.

In each iteration the parameters travel to as many calls as there are shards; their gradients come
back and are added in the order of the shards, so it does not matter which worker was faster.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core.descent import Descent
from service.jobs.calls import Calls
from service.jobs.descend import descend
from service.jobs.engine import Engine
from service.jobs.far_shards import FarShards
from service.jobs.leg import Leg
from service.jobs.step import Step

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
