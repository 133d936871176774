"""A training of as many iterations as its specification says, a tenth of a second each."""

import time
from pathlib import Path

from service.jobs.step_result import StepResult


def advance(specification: str, data: Path, checkpoint: bytes, seconds: float) -> StepResult:
    time.sleep(0.1)
    done = int(checkpoint) + 1
    return StepResult(str(done).encode(), done, 1.0 / done, finished=done == int(specification))
