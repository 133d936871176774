"""32 restarts as one job beside 32 trainings one after the other: python -m benchmarks.restarts.

Ours is what the driver of a job does on two workers, all but the database: rounds of half a second,
states packed and sent to the workers and back. Theirs is one worker that gets them in turn, each
whole in one call.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.table import compare_times, row
from core.training.config import TrainingConfig
from core.training.optimizers import GradientDescent
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.restarts.plan import RestartPlan
from service.jobs.restarts.round import advance_round
from service.jobs.restarts.state import Restart, pack, unpack
from service.jobs.training.task import train_slice
from service.jobs.work_slice import WorkSlice

RESTARTS = 32
STEP_SECONDS = 0.5
SHAPES = [
    ("2-3-1 × 4 (XOR)", (2, 3, 1), 4, 5000, "≤ 1/6"),
    ("2-16-1 × 200", (2, 16, 1), 200, 2000, "≤ 0.6"),
    ("2-64-64-1 × 1000", (2, 64, 64, 1), 1000, 50, "≤ 0.6"),
]


def samples(count: int) -> np.ndarray:
    """XOR: its four points, or as many drawn around them; x and y side by side."""
    generator = np.random.default_rng(0)
    corners = np.arange(count)[:, None] // [1, 2] % 2
    noise = 0.1 * generator.normal(size=corners.shape) if count > 4 else 0.0
    return np.hstack([corners + noise, corners.sum(axis=1, keepdims=True) % 2])


async def one_after_the_other(
    engine: ProcessExecutor, plan: RestartPlan, data: Path
) -> list[bytes]:
    """The last checkpoint of each."""
    states = (one.state(plan.specification).to_bytes() for one in plan.beginning())
    steps = [await engine.call(train_slice, plan.training, data, one, 3600.0) for one in states]
    return [step.checkpoint for step in steps]


async def as_one_job(engine: ProcessExecutor, plan: RestartPlan, data: Path) -> list[Restart]:
    """All of them at their end."""
    state, finished, text = pack(plan.beginning()), False, plan.to_text()
    while not finished:
        step = await advance_round(engine, WorkSlice(text, data, state, STEP_SECONDS, 60.0))
        state, finished = step.checkpoint, step.finished
    return unpack(state)


def measure(runner: asyncio.Runner, engine: ProcessExecutor, folder: Path) -> None:
    """Print a row for each shape, once both have been seen to give the same bits."""
    for name, sizes, count, iterations, bar in SHAPES:
        activations = ("sigmoid",) * (len(sizes) - 1)
        specification = TrainingConfig(
            sizes, activations, optimizer=GradientDescent(eta=0.5), iterations=iterations
        )
        plan = RestartPlan.of(specification, count, 0, RESTARTS)
        data = folder / f"{count}.npy"
        np.save(data, samples(count))

        def ours(plan: RestartPlan = plan, data: Path = data) -> list[Restart]:
            return runner.run(as_one_job(engine, plan, data))

        def theirs(plan: RestartPlan = plan, data: Path = data) -> list[bytes]:
            return runner.run(one_after_the_other(engine, plan, data))

        if [one.checkpoint for one in ours()] != theirs():
            raise SystemExit(f"{name}: the networks differ")
        compare_times(name, ours, theirs, bar)
        busiest, together = max(taken(engine, ours)), sum(taken(engine, theirs))
        times = (f"{1e3 * seconds:.0f} ms" for seconds in (busiest, together))
        row(f"{name}, processor time", *times, f"{busiest / together:.2f}", bar)


def taken(engine: ProcessExecutor, work: Callable[[], object]) -> list[float]:
    """Seconds of processor that each worker takes for it: these others' work cannot change."""
    before = [_processor_seconds(worker) for worker in engine.process_ids]
    work()
    return [
        _processor_seconds(worker) - seconds
        for worker, seconds in zip(engine.process_ids, before, strict=True)
    ]


def _processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    print("| 32 restarts of | as one job | in turn | ratio | target |")
    print("|---|---:|---:|---:|---:|")
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory() as folder:

        async def start() -> ProcessExecutor:
            return ProcessExecutor(slots=2)

        engine = runner.run(start())
        measure(runner, engine, Path(folder))
        runner.run(engine.close())


if __name__ == "__main__":
    main()
