"""The worker's function for an approximation: all of it in one call."""

from pathlib import Path

import numpy as np

from core.approximation.request import ComparisonRequest
from core.arrays import Array
from core.errors import MathematicalError
from service.jobs.approximation import result_bytes
from service.jobs.approximation.request_bytes import request_from_bytes
from service.jobs.approximation.spec_json import ApproximationJobSpec
from service.jobs.executors.executor import Executor
from service.jobs.job import Failure
from service.jobs.step_result import StepResult
from service.jobs.work_slice import WorkSlice

AFTER_LIMIT_SECONDS = 1.0


def approximate(
    specification: str, data: Path | Array, checkpoint: bytes, seconds: float
) -> StepResult:
    """Run the request that `data` holds byte by byte; the checkpoint is the result.

    `seconds` is ignored: there is no intermediate state. An error of the core becomes a failure.
    """
    spec = ApproximationJobSpec.from_text(specification)
    content = np.load(data) if isinstance(data, Path) else data
    request = request_from_bytes(content.tobytes(), spec.asked)
    try:
        if isinstance(request, ComparisonRequest):
            result = result_bytes.comparison_to_bytes(request.run(spec.budget))
        else:
            result = result_bytes.to_bytes(request.run(spec.budget))
    except MathematicalError as error:
        return StepResult(checkpoint, 0, None, failure=Failure("impossible", error.detail))
    return StepResult(result, 1, None, finished=True)


async def advance_approximation(engine: Executor, work_slice: WorkSlice) -> StepResult:
    """Make one call that may take as long as the job may; see `job_types.Advance`."""
    limit = ApproximationJobSpec.from_text(work_slice.specification).seconds + AFTER_LIMIT_SECONDS
    return await engine.call(approximate, *work_slice.arguments, timeout=limit)
