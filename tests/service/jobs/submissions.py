"""Jobs to submit."""

from io import BytesIO

import numpy as np

from service.jobs.step_result import HistoryChunk, StepResult
from service.jobs.storage.submission import Submission


def npy(rows) -> bytes:
    buffer = BytesIO()
    np.save(buffer, np.asarray(rows, float), allow_pickle=False)
    return buffer.getvalue()


def submission(**changes) -> Submission:
    given = {
        "specification": '{"eta": 0.01}',
        "iterations": 100,
        "data": npy([[1, 2, 0], [3, 4, 1]]),
        "start": StepResult(b"0", 0, 1.0),
    }
    return Submission(**(given | changes))


def step(start: int, stop: int, loss: float | None = None, **changes) -> StepResult:
    """The iterations from `start` to `stop`, whose losses are 1/(1 + k)."""
    losses = 1.0 / (1.0 + np.arange(start, stop))
    history = (HistoryChunk("loss", start, losses),)
    loss = 1.0 / (1.0 + stop) if loss is None else loss
    return StepResult(str(stop).encode(), stop, loss, history=history, **changes)
