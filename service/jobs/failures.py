"""Failures of jobs: a stable name and the sentence that the owner reads."""

from core.errors import ArithmeticUnavailable, MathematicalError, counted
from service.jobs.job import Failure, Job


def of_error(error: Exception) -> Failure:
    """The failure for an exception of the training; unexpected ones give no detail."""
    if isinstance(error, ArithmeticUnavailable):
        return Failure("arithmetic-unavailable", error.detail)
    if isinstance(error, MathematicalError):
        return Failure("impossible", error.detail)
    if isinstance(error, MemoryError):
        return Failure(
            "out-of-memory", f"the training took more memory than a worker may have: {error}"
        )
    return Failure(
        "unexpected", "something unexpected ended the training; it is logged with the job's id"
    )


def limit_reached(job: Job, iteration: int, limit_seconds: float) -> Failure:
    """The failure of a job that reached its time limit after `iteration` iterations."""
    return Failure(
        "time-limit-reached",
        f"the time limit of {limit_seconds:g} s was reached after {iteration} of "
        f"{counted(job.iterations, 'iteration')}; the best network so far is kept",
    )


def workers_lost(losses: int, reason: str) -> Failure:
    """The failure of a job that lost `losses` workers in a row, the last one for `reason`."""
    return Failure("worker-lost", f"{losses} workers in a row were lost during this job: {reason}")
