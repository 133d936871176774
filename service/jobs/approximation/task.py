"""What a worker does for an approximation: all of it, in one step."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from core.arrays import Array
from core.errors import MathematicalError
from service.jobs.approximation import result_bytes
from service.jobs.approximation.spec_json import order_of
from service.jobs.executors.executor import Executor
from service.jobs.job import Failure
from service.jobs.step_result import StepResult
from service.jobs.work_slice import WorkSlice
from service.limits import Limits
from service.schemas.approximation.comparison import CompareRequest
from service.schemas.approximation.request import ApproximateRequest
from service.serialization.json_parser import parse, parse_strictly

Question = ApproximateRequest | CompareRequest

QUESTIONS: Mapping[str, type[Question]] = {
    "approximate": ApproximateRequest,
    "compare": CompareRequest,
}
AFTER_LIMIT_SECONDS = 1.0


def approximate(
    specification: str, data: Path | Array, checkpoint: bytes, seconds: float
) -> StepResult:
    """Answer the question whose JSON `data` holds, byte by byte; the checkpoint is the result.

    However many `seconds` it may take, there is nothing in between. What the core refuses becomes
    a step with that failure.
    """
    order = order_of(specification)
    if order is None:
        raise ValueError("a job of another kind")
    content = np.load(data) if isinstance(data, Path) else data
    try:
        result = _answered(question_of(order.asked, content.tobytes()), order.limits)
    except MathematicalError as error:
        return StepResult(checkpoint, 0, None, failure=Failure("impossible", error.detail))
    return StepResult(result, 1, None, finished=True)


def question_of(asked: str, body: bytes) -> Question:
    """The question, as it was read when it was asked."""
    try:
        return QUESTIONS[asked].model_validate(parse(body))
    except ValidationError:
        # A long array of numbers has lost that they were integers.
        return QUESTIONS[asked].model_validate(parse_strictly(body))


def _answered(question: Question, limits: Limits) -> bytes:
    if isinstance(question, CompareRequest):
        return result_bytes.comparison_to_bytes(question.compare())
    return result_bytes.to_bytes(question.approximate(limits))


async def advance_approximation(engine: Executor, leg: WorkSlice) -> StepResult:
    """One call, which may take as long as the job may; see `kinds.Advance`."""
    order = order_of(leg.specification)
    limit = leg.timeout if order is None else order.seconds + AFTER_LIMIT_SECONDS
    return await engine.call(approximate, *leg.arguments, timeout=limit)
