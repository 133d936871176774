"""Processor time and memory of `GET /train/{id}/history` for a training of 10⁷ iterations.

`python -m benchmarks.long_history`: the curves of loss and validation are written to a database of
their own as a worker writes them, read, thinned and written as JSON.
"""

import resource
import tempfile
import time
from collections.abc import Callable
from io import BytesIO

import numpy as np

from benchmarks.table import row
from core import plots
from core.training.config import TrainingConfig
from service.jobs.job import JobState
from service.jobs.leases.lease_store import LeaseStore
from service.jobs.step_result import HistoryChunk, StepResult
from service.jobs.storage.store import Store
from service.jobs.storage.submission import Submission
from service.jobs.training.config_json import to_text
from service.representations.plots import CURVE_POINTS
from service.results.history import history_of
from service.serialization.json_writer import ArrayResponse

ITERATIONS, WRITES = 10_000_000, 200
CURVES = ("loss", "validation_loss", "validation_accuracy")


def finished_job(store: Store) -> str:
    """Store a job that has made all its iterations; return its identifier."""
    data = BytesIO()
    np.save(data, np.zeros((4, 3)))
    start = StepResult(b"0", 0, 1.0)
    config = TrainingConfig((2, 3, 1), ("tanh", "sigmoid"), iterations=ITERATIONS)
    job = store.accept(Submission(to_text(config), ITERATIONS, data.getvalue(), start))
    leases = LeaseStore(store, lease_seconds=600.0)
    lease = leases.acquire()
    if lease is None:
        raise RuntimeError("the job is not there")
    random = np.random.default_rng(0)
    length = ITERATIONS // WRITES
    for first in range(0, ITERATIONS, length):
        losses = np.exp(-np.arange(first, first + length) / ITERATIONS) + random.random(length)
        chunks = tuple(HistoryChunk(name, first, losses) for name in CURVES)
        done = first + length
        leases.record(lease, StepResult(str(done).encode(), done, 0.5, history=chunks), 1.0)
    leases.end(lease, JobState.SUCCEEDED)
    return job.id


def measure(name: str, work: Callable[[], object]) -> None:
    """Print the processor time of one call and the largest memory of the process so far."""
    begin = time.process_time()
    work()
    seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row(name, f"{seconds:.2f} s", f"{peak:.0f} MiB")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/chainrule.db")
        job = store.find(finished_job(store))
        row("history of 10⁷ iterations, three curves", "processor time", "peak memory")
        row("---", "---:", "---:")
        row(
            "nothing yet",
            "",
            f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB",
        )
        for points in (10_000, 1_000_000):
            measure(f"`points={points}`", lambda: ArrayResponse(history_of(store, job, points)))  # noqa: B023

        def picture() -> bytes:
            history = history_of(store, job, CURVE_POINTS)
            figure = plots.loss_curve(history.iteration, history.loss, history.validation_loss, "")
            return plots.render(figure, "png")

        measure("`/plot?show=loss`", picture)
        store.close()


if __name__ == "__main__":
    main()
