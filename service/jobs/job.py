"""A job, and the table of the moves it may make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


ALLOWED: Mapping[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset(
        {JobState.QUEUED, JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLING}
    ),
    JobState.CANCELLING: frozenset({JobState.CANCELLED, JobState.SUCCEEDED, JobState.FAILED}),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}

FINISHED = frozenset(state for state, moves in ALLOWED.items() if not moves)
CLAIMED = frozenset({JobState.RUNNING, JobState.CANCELLING})


def sources(target: JobState) -> frozenset[JobState]:
    """Give the states from which `target` may be reached in one move."""
    return frozenset(state for state, moves in ALLOWED.items() if target in moves)


@dataclass(frozen=True)
class Failure:
    """Why a job failed: a stable `name` for programs and a sentence for people."""

    name: str
    detail: str


@dataclass(frozen=True)
class Job:
    """The record of one training as its owner sees it; times are UTC.

    `iteration` counts the updates done out of at most `iterations`, `loss` is the loss after them,
    `attempt` how often a driver took the job up, and `version` grows by one with every change.
    """

    id: str
    state: JobState
    iteration: int
    iterations: int
    loss: float | None
    metrics: Mapping[str, float | None]
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: Failure | None
    version: int

    @property
    def finished(self) -> bool:
        """Whether no further change will come."""
        return self.state in FINISHED


def new_job_id() -> str:
    """Give 122 random bits in hexadecimal: nobody guesses the address of another's job."""
    return uuid4().hex
