"""Coordinator of data-parallel training: workers compute gradients, updates are made here.

Every iteration sends the parameters to one call per shard and adds the returned gradients in the
order of the shards, so the result does not depend on the speed of the workers.
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
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.jobs.training.timed_run import run_trainer, with_warnings
from service.jobs.work_slice import WorkSlice

KEPT = 4
"""Trainers kept between two steps; a rebuilt one evaluates all samples once more."""

_kept: OrderedDict[tuple[str, Path], tuple[bytes, RemoteShards]] = OrderedDict()


async def advance_in_shards(engine: Executor, leg: WorkSlice) -> StepResult:
    """Continue the training for one slice, with the same numbers as `LocalTrainer`."""
    calls = BlockingCalls(engine, leg.timeout)

    def begin() -> RemoteShards:
        return RemoteShards(leg.specification, leg.data, leg.checkpoint, calls)

    def anew() -> Trainer:
        return begin().descent

    def work() -> tuple[RemoteShards, StepResult]:
        shards = _take(leg) or begin()
        shards.calls = calls
        step = run_trainer(shards.descent, anew, leg.seconds)
        if step.finished:
            config = from_text(leg.specification)
            step = with_warnings(step, config, *load_xy(leg.data, config))
        return shards, step

    # A dedicated thread: it mostly waits for workers and would block a thread of the pool.
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
