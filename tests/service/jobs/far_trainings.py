"""Trainings that do as their specification says, to be advanced by workers."""

import json
import os
import signal
import time
from pathlib import Path

import numpy as np

from core.errors import NotFinite
from service.jobs.job import Failure
from service.jobs.step_result import HistoryChunk, StepResult


def advance(
    specification: str, data: Path | np.ndarray, checkpoint: bytes, seconds: float
) -> StepResult:
    """Count iterations, `pace` of them each second, and meet the `accident` at iteration `at`.

    With `until`, iteration `at` is not passed before that file exists.
    """
    wanted = json.loads(specification)
    start = int(checkpoint)
    stop = min(wanted["iterations"], start + max(1, round(wanted["pace"] * seconds)))
    if "until" in wanted and not Path(wanted["until"]).exists():
        stop = min(stop, wanted["at"])
        if stop == start:
            time.sleep(seconds)
            return StepResult(checkpoint, start, None)
    accident = wanted.get("accident")
    if accident and stop >= wanted["at"]:
        meet(accident, wanted)
        if accident == "fail":
            return StepResult(checkpoint, start, None, failure=Failure("diverged", "lower eta"))
    time.sleep(min(seconds, (stop - start) / wanted["pace"]))
    losses = (np.load(data) if isinstance(data, Path) else data)[0, 0] / (
        1.0 + np.arange(start, stop)
    )
    return StepResult(
        checkpoint=str(stop).encode() + b" " * wanted.get("padding", 0),
        iteration=stop,
        loss=float(losses[-1]),
        metrics={"accuracy": 0.5},
        history=(HistoryChunk("loss", start, losses),),
        finished=stop == wanted["iterations"],
    )


def meet(accident: str, wanted: dict) -> None:
    if accident == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if accident == "die once" and not Path(wanted["mark"]).exists():
        Path(wanted["mark"]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if accident == "hang":
        while True:
            time.sleep(1.0)
    if accident == "raise":
        raise ValueError("a surprise")
    if accident == "be impossible":
        raise NotFinite("weights[0] is inf")
