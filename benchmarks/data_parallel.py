"""Where several workers pay: python -m benchmarks.data_parallel [--rounds 5] [--seconds 1].

One training on one worker, and the same in shards on two, in turns; first both are shown to lead
to the same network to rounding. Times are those of an iteration of a job, measured where its driver
sits: workers, pipes, sums and steps included.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.table import row
from core.nn.initialization import initial_layers
from core.training.checkpoint import Checkpoint, first_checkpoint
from core.training.config import TrainingConfig
from core.training.optimizers import Adam
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.job_types import advance_by_kind
from service.jobs.training.config_json import to_text
from service.jobs.work_slice import WorkSlice

WORKERS = 2
SHARDS = (None, 1, 2, 4)
MANY, FEW = (784, 512, 256, 10), (64, 256, 256, 10)
CASES: Sequence[tuple[tuple[int, ...], int, int | None]] = (
    (MANY, 16384, 128),
    (MANY, 16384, 1024),
    (MANY, 16384, 8192),
    (MANY, 16384, None),
    (FEW, 4096, None),
    (FEW, 16384, None),
    (FEW, 65536, None),
    ((2, 16, 1), 200, None),
    ((2, 64, 64, 1), 1000, None),
)


@dataclass
class Job:
    """A training that goes on whenever it is measured."""

    engine: ProcessExecutor
    specification: TrainingConfig
    data: Path
    checkpoint: bytes

    async def go_on(self, seconds: float) -> float:
        """Train for about so long; the seconds an iteration took."""
        before = Checkpoint.from_bytes(self.checkpoint).iteration
        begin = perf_counter()
        text = to_text(self.specification)
        leg = WorkSlice(text, self.data, self.checkpoint, seconds, timeout=600.0)
        step = await advance_by_kind(self.engine, leg)
        self.checkpoint = step.checkpoint
        return (perf_counter() - begin) / (step.iteration - before)

    async def parameters_after(self, iterations: int) -> np.ndarray:
        """Those of the first iterations, on the side."""
        start = replace(self, specification=replace(self.specification, iterations=iterations))
        await start.go_on(60.0)
        return Checkpoint.from_bytes(start.checkpoint).parameters


def samples(folder: Path, sizes: tuple[int, ...], count: int) -> Path:
    """A file of random samples, classes one-hot."""
    generator = np.random.default_rng(0)
    y = np.eye(sizes[-1])[generator.integers(sizes[-1], size=count)]
    path = folder / f"{sizes[0]}-{count}.npy"
    np.save(path, np.hstack([generator.normal(size=(count, sizes[0])), y]))
    return path


async def measure(
    engine: ProcessExecutor,
    folder: Path,
    case: tuple[tuple[int, ...], int, int | None],
    rounds: int,
    seconds: float,
) -> None:
    """Print a row."""
    sizes, count, batch_size = case
    alone = TrainingConfig(
        sizes=sizes,
        activations=("tanh",) * (len(sizes) - 2) + ("sigmoid",),
        optimizer=Adam(eta=1e-3),
        iterations=10**7,
        batch_size=batch_size,
    )
    layers = initial_layers(sizes, alone.activations, np.random.default_rng(0))
    jobs = [
        Job(engine, replace(alone, data_parallel=shards), samples(folder, sizes, count), start)
        for shards in SHARDS
        for start in [first_checkpoint(alone, layers).to_bytes()]
    ]
    expected = await jobs[0].parameters_after(2)
    for job in jobs:
        # Adam divides by the size of a gradient, so a rounding error may become one of eta.
        np.testing.assert_allclose(await job.parameters_after(2), expected, atol=2e-3)
        await job.go_on(seconds / 4)
    times = [[await job.go_on(seconds) for job in jobs] for _ in range(rounds)]
    ratio = median(one[0] / one[2] for one in times)
    name = f"{'-'.join(map(str, sizes))} × {count}"
    row(
        name + (f", batches of {batch_size}" if batch_size else ", full batch"),
        *(f"{1e3 * median(column):.2f}" for column in zip(*times, strict=True)),
        f"{ratio:.2f}",
    )


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {WORKERS} workers; ms per iteration\n")
    names = [f"{shards} shards" if shards != 1 else "1 shard" for shards in SHARDS[1:]]
    row("", "no shards", *names, "no shards / 2 shards")
    row("---", *["---:"] * (len(SHARDS) + 1))
    engine = ProcessExecutor(WORKERS)
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            await measure(engine, Path(folder), case, asked.rounds, asked.seconds)
    await engine.close()


if __name__ == "__main__":
    asyncio.run(main())
