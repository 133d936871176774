"""One round of a job with restarts: the units with the fewest iterations, on all workers."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.jobs.executors.executor import Executor
from service.jobs.job import Failure
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.state import Restart, pack, unpack
from service.jobs.restarts.task import train_batch
from service.jobs.step_result import REPORT, HistoryChunk, StepResult
from service.jobs.training.timed_run import FRAMES
from service.jobs.work_slice import WorkSlice

METRICS = ("accuracy", "validation_loss", "validation_accuracy", *REPORT)


async def advance_round(engine: Executor, work_slice: WorkSlice) -> StepResult:
    """One call per worker; raises the exception of the first call that failed."""
    # Packing may copy a hundred megabytes, so it runs in a thread.
    plan, restarts, bunches = await asyncio.to_thread(
        _scatter, work_slice.specification, work_slice.checkpoint, max(1, engine.slots)
    )
    calls = (
        engine.call(
            train_batch,
            work_slice.specification,
            work_slice.data,
            bunch,
            work_slice.seconds,
            timeout=work_slice.timeout,
        )
        for bunch in bunches
    )
    # All calls are awaited even if one fails, since cancelling a call kills its worker.
    replies = await asyncio.gather(*calls, return_exceptions=True)
    steps: dict[int, StepResult] = {}
    for reply in replies:
        if isinstance(reply, BaseException):
            raise reply
        steps |= reply
    return await asyncio.to_thread(_gather, plan, restarts, steps)


def _scatter(
    specification: str, checkpoint: bytes, workers: int
) -> tuple[RestartPlan, list[Restart], list[bytes]]:
    plan = RestartPlan.from_text(specification)
    restarts = unpack(checkpoint)
    return plan, restarts, [pack(bunch) for bunch in plan.bunches(restarts, workers)]


def _gather(
    plan: RestartPlan, restarts: Sequence[Restart], steps: Mapping[int, StepResult]
) -> StepResult:
    now = [one.after(steps[one.seed]) if one.seed in steps else one for one in restarts]
    return replace(summarize(plan, now), history=_curves(plan, steps))


def summarize(plan: RestartPlan, restarts: Sequence[Restart]) -> StepResult:
    """Summarize the restarts as one step: numbers of the best, mean of all iterations.

    The mean is rounded down, so `iteration` never decreases.
    """
    best = restarts[plan.number_of_best(restarts)]
    lost = plan.has_failed(restarts)
    return StepResult(
        checkpoint=pack(restarts),
        iteration=sum(one.iteration for one in restarts) // len(restarts),
        loss=best.loss if best.failure is None else best.loss_of_checkpoint,
        metrics={name: best.metrics.get(name) for name in METRICS}
        | {"best_seed": None if plan.folds else best.seed},
        finished=all(one.ended for one in restarts),
        failure=_failure(plan, best) if lost else None,
        holds_best=True,
    )


def curve_name(number: int, name: str) -> str:
    """Name of a curve of restart `number` (from 0) in the history."""
    return f"{number}/{name}"


def _curves(plan: RestartPlan, steps: Mapping[int, StepResult]) -> tuple[HistoryChunk, ...]:
    return tuple(
        replace(chunk, name=curve_name(seed - plan.first_seed, chunk.name))
        for seed, step in steps.items()
        for chunk in step.history
        if chunk.name != FRAMES
    )


def _failure(plan: RestartPlan, best: Restart) -> Failure:
    reason = "" if best.failure is None else best.failure.detail
    if plan.folds:
        return Failure("diverged", reason)
    return Failure(
        "diverged", f"each of the {plan.count} restarts diverged; of seed {best.seed}: {reason}"
    )
