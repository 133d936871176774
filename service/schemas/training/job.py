"""The job as its owner sees it: every key in every response."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.http.problems import Problem, problem_of
from service.jobs.job import Failure, Job, JobState
from service.jobs.storage.pagination import Page
from service.schemas.training.description import TrainingResponse


@dataclass(frozen=True)
class MetricsResponse:
    """Null says: not measured, or not yet."""

    accuracy: float | None
    validation_loss: float | None
    validation_accuracy: float | None

    @staticmethod
    def of(metrics: Mapping[str, Any]) -> "MetricsResponse":
        """Every metric there is, null where the job has none."""
        return MetricsResponse(
            accuracy=metrics.get("accuracy"),
            validation_loss=metrics.get("validation_loss"),
            validation_accuracy=metrics.get("validation_accuracy"),
        )


@dataclass(frozen=True)
class LastIterateResponse:
    """Loss and metrics after the last iteration: of `/network?at=last`."""

    loss: float | None
    metrics: MetricsResponse

    @staticmethod
    def of(metrics: Mapping[str, Any]) -> "LastIterateResponse | None":
        """None where there is no training of which this is known."""
        last = metrics.get("last")
        return (
            None
            if last is None
            else LastIterateResponse(last.get("loss"), MetricsResponse.of(last))
        )


@dataclass(frozen=True)
class JobResponse:
    """A job: what was asked for, and how far it is.

    Times are UTC; `training` is null for an approximation. `loss` and `metrics` are those of the
    network at `/network`: with validation samples or early stopping that of `best_iteration`,
    otherwise that of the last iteration; `last` has the numbers of the last iteration in any case.
    With restarts, `iteration` is the mean of theirs, all else is of the best so far, and
    `best_seed` is its seed; without, that is null. `warnings` are about the data from the
    beginning, and about what was learned when the training has finished.
    """

    id: str
    name: str | None
    tags: list[str]
    training: TrainingResponse | None
    warnings: list[str]
    state: JobState
    iteration: int
    iterations: int
    loss: float | None
    metrics: MetricsResponse
    best_iteration: int | None
    stopped_early: bool
    last: LastIterateResponse | None
    best_seed: int | None
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: Problem | None

    @staticmethod
    def of(job: Job) -> "JobResponse":
        """Build the response from the job and its description."""
        described = job.description or {}
        return JobResponse(
            id=job.id,
            name=described.get("name"),
            tags=list(described.get("tags", ())),
            training=TrainingResponse.of(job.description),
            warnings=[
                *described.get("warnings", ()),
                *(warning["detail"] for warning in job.metrics.get("warnings") or ()),
            ],
            state=job.state,
            iteration=job.iteration,
            iterations=job.iterations,
            loss=job.loss,
            metrics=MetricsResponse.of(job.metrics),
            best_iteration=job.metrics.get("best_iteration"),
            stopped_early=bool(job.metrics.get("stopped_early")),
            last=LastIterateResponse.of(job.metrics),
            best_seed=_whole(job.metrics.get("best_seed")),
            attempt=job.attempt,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            error=failure_problem(job.error),
        )


FAILURE_STATUS = {
    "diverged": 422,
    "impossible": 422,
    "time-limit-reached": 422,
    "out-of-memory": 422,
    "worker-lost": 503,
    "unexpected": 500,
}
"""The status of the problem of each failure: 422 where another request can succeed."""


def failure_problem(failure: Failure | None) -> Problem | None:
    """The problem of a failed job; None for any other."""
    if failure is None:
        return None
    return problem_of(FAILURE_STATUS.get(failure.name, 500), failure.detail, kind=failure.name)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


@dataclass(frozen=True)
class JobsResponse:
    """A page of jobs, the newest first; `next` is the cursor of the page after it, or null."""

    jobs: list[JobResponse]
    next: str | None

    @staticmethod
    def of(page: Page) -> "JobsResponse":
        """Pack a page."""
        return JobsResponse([JobResponse.of(job) for job in page.jobs], page.next)
