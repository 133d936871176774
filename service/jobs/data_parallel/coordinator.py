"""Coordinator of data-parallel training: workers compute gradients, updates are made here.

Every iteration sends the parameters to one call per shard and adds the returned gradients in the
order of the shards, so the result does not depend on the speed of the workers.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from core.training.trainer import Trainer
from service.jobs.data_parallel.remote_shards import RemoteShards
from service.jobs.executors.blocking_calls import BlockingCalls
from service.jobs.executors.executor import Executor
from service.jobs.step_result import StepResult
from service.jobs.training.config_json import from_text
from service.jobs.training.dataset import load_xy
from service.jobs.training.timed_run import run_trainer, with_warnings
from service.jobs.training.worker_cache import WorkerCache
from service.jobs.work_slice import WorkSlice

TRAINERS: WorkerCache[RemoteShards] = WorkerCache(4)
"""Trainers kept between two steps; a rebuilt one evaluates all samples once more."""


async def advance_in_shards(engine: Executor, work_slice: WorkSlice) -> StepResult:
    """Continue the training for one slice, with the same numbers as `LocalTrainer`."""
    specification, data, checkpoint, seconds = work_slice.arguments
    calls = BlockingCalls(engine, work_slice.timeout)
    kept = TRAINERS.pop((specification, checkpoint), data)

    def begin() -> RemoteShards:
        return RemoteShards(specification, data, checkpoint, calls)

    def rebuild() -> Trainer:
        return begin().trainer

    def work() -> tuple[RemoteShards, StepResult]:
        shards = kept or begin()
        shards.calls = calls
        step = run_trainer(shards.trainer, rebuild, seconds)
        if step.finished:
            config = from_text(specification)
            step = with_warnings(step, config, *load_xy(data, config))
        return shards, step

    # A dedicated thread: it mostly waits for workers and would block a thread of the pool.
    thread = ThreadPoolExecutor(1, thread_name_prefix="data-parallel")
    try:
        shards, step = await asyncio.get_running_loop().run_in_executor(thread, work)
    finally:
        await calls.close()
        thread.shutdown(wait=False)
    if not step.finished and step.failure is None:
        TRAINERS.put((specification, step.checkpoint), data, shards)
    return step
