"""Job types: how each continues from a checkpoint on the workers of an executor."""

import json
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from service.jobs.approximation.spec_json import APPROXIMATION
from service.jobs.approximation.task import advance_approximation
from service.jobs.data_parallel.coordinator import advance_in_shards
from service.jobs.executors.executor import Executor
from service.jobs.restarts.plan import RESTARTS
from service.jobs.restarts.round import advance_round
from service.jobs.step_result import StepResult
from service.jobs.training.config_json import DATA_PARALLEL
from service.jobs.training.task import train_slice
from service.jobs.work_slice import WorkSlice

TRAINING = "training"


Advance = Callable[[Executor, WorkSlice], Coroutine[Any, Any, StepResult]]
"""Coroutine that computes one step of a job on an executor.

Cancellable without side effects. Deterministic: the result does not depend on the number of
workers. Raises `WorkerLost`, `CallTimeout`, and what the computation raises.
"""


def single_call(function: Callable[[str, Path, bytes, float], StepResult]) -> Advance:
    """A step that is one call of `function`, which must be importable by workers."""

    async def advance_there(engine: Executor, work_slice: WorkSlice) -> StepResult:
        return await engine.call(function, *work_slice.arguments, timeout=work_slice.timeout)

    return advance_there


JOB_TYPES: Mapping[str, Advance] = {
    TRAINING: single_call(train_slice),
    DATA_PARALLEL: advance_in_shards,
    RESTARTS: advance_round,
    APPROXIMATION: advance_approximation,
}


async def advance_by_kind(engine: Executor, work_slice: WorkSlice) -> StepResult:
    """Advance a job by the entry of its type in `JOB_TYPES`."""
    kind = JOB_TYPES[json.loads(work_slice.specification).get("kind", TRAINING)]
    return await kind(engine, work_slice)
