"""A job, its states, and the table of allowed transitions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4


class JobState(StrEnum):
    """State of a job."""

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
    """The states from which a transition to `target` is allowed."""
    return frozenset(state for state, moves in ALLOWED.items() if target in moves)


@dataclass(frozen=True)
class Failure:
    """Why a job failed: a stable `name` for programs and a sentence for people."""

    name: str
    detail: str


@dataclass(frozen=True)
class Job:
    """A job as its owner sees it; times are UTC.

    `iteration` counts the updates done out of at most `iterations`, `loss` is the loss after them,
    `attempt` how often a dispatcher acquired the job; `version` grows by one with every change.
    """

    id: str
    state: JobState
    iteration: int
    iterations: int
    loss: float | None
    metrics: Mapping[str, Any]
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: Failure | None
    version: int
    description: Mapping[str, Any] | None = None
    """Name, tags, network and data as `JobDescription` writes them; None for older jobs."""

    @property
    def finished(self) -> bool:
        """Whether no further change will come."""
        return self.state in FINISHED


def new_job_id() -> str:
    """A random identifier (122 bits), so that the address of a job cannot be guessed."""
    return uuid4().hex
