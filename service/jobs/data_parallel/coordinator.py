"""How a training that several workers share goes on: they give gradients, the steps are made here.

In each iteration the parameters travel to as many calls as there are shards; their gradients come
back and are added in the order of the shards, so it does not matter which worker was faster.
"""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core.training.trainer import Trainer
from service.jobs.data_parallel.remote_shards import RemoteShards
from service.jobs.executors.blocking_calls import BlockingCalls
from service.jobs.executors.executor import Executor
from service.jobs.step_result import StepResult
from service.jobs.training.timed_run import run_trainer
from service.jobs.work_slice import WorkSlice

KEPT = 4
"""Descents between two of their steps; one made anew looks at all samples sooner than it had to."""

_kept: OrderedDict[tuple[str, Path], tuple[bytes, RemoteShards]] = OrderedDict()


async def advance_in_shards(engine: Executor, leg: WorkSlice) -> StepResult:
    """Train on as `advance` does, to the same numbers as `LocalTrainer`; an `Advance`."""
    calls = BlockingCalls(engine, leg.timeout)

    def begin() -> RemoteShards:
        return RemoteShards(leg.specification, leg.data, leg.checkpoint, calls)

    def anew() -> Trainer:
        return begin().descent

    def work() -> tuple[RemoteShards, StepResult]:
        shards = _take(leg) or begin()
        shards.calls = calls
        return shards, run_trainer(shards.descent, anew, leg.seconds)

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


def _take(leg: WorkSlice) -> RemoteShards | None:
    left_at, shards = _kept.pop((leg.specification, leg.data), (b"", None))
    return shards if left_at == leg.checkpoint else None


def _keep(leg: WorkSlice, checkpoint: bytes, shards: RemoteShards) -> None:
    _kept[leg.specification, leg.data] = checkpoint, shards
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
