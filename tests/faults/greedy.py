"""A training that takes as many bytes as its specification says, for workers to run."""

from pathlib import Path

import numpy as np

from service.jobs.step_result import StepResult


def take(count: int) -> int:
    return int(np.ones(count, np.uint8).sum())


def advance(specification: str, data: Path, checkpoint: bytes, seconds: float) -> StepResult:
    take(int(specification))
    return StepResult(b"1", 1, 0.5, finished=True)
