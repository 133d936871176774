"""The job as its owner sees it: every key, always."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    def of(metrics: Mapping[str, float | None]) -> "MetricsResponse":
        """Every metric there is, null where the job has none."""
        return MetricsResponse(
            accuracy=metrics.get("accuracy"),
            validation_loss=metrics.get("validation_loss"),
            validation_accuracy=metrics.get("validation_accuracy"),
        )


@dataclass(frozen=True)
class JobResponse:
    """One training: what was asked for, and how far it is.

    Times are UTC, `loss` is that after `iteration` iterations; `training` is null for an
    approximation.

    With restarts, `iteration` is the mean of theirs, loss and metrics are those of the best so far,
    and `best_seed` is its seed; without, that is null.
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
    best_seed: int | None
    attempt: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: Problem | None

    @staticmethod
    def of(job: Job) -> "JobResponse":
        """Pack the record."""
        described = job.description or {}
        return JobResponse(
            id=job.id,
            name=described.get("name"),
            tags=list(described.get("tags", ())),
            training=TrainingResponse.of(job.description),
            warnings=list(described.get("warnings", ())),
            state=job.state,
            iteration=job.iteration,
            iterations=job.iterations,
            loss=job.loss,
            metrics=MetricsResponse.of(job.metrics),
            best_seed=_whole(job.metrics.get("best_seed")),
            attempt=job.attempt,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            error=failure_problem(job.error),
        )


def failure_problem(failure: Failure | None) -> Problem | None:
    """Why it came to no good end; None where it did not."""
    return (
        None if failure is None else problem_of(FAILURE_STATUS, failure.detail, kind=failure.name)
    )


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


FAILURE_STATUS = 500
"""Of a training that was accepted and could not be brought to its end."""


@dataclass(frozen=True)
class JobsResponse:
    """A page of jobs, the newest first; `next` is the cursor of the page after it, or null."""

    jobs: list[JobResponse]
    next: str | None

    @staticmethod
    def of(page: Page) -> "JobsResponse":
        """Pack a page."""
        return JobsResponse([JobResponse.of(job) for job in page.jobs], page.next)
