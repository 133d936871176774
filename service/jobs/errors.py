"""Errors of requests about jobs, and of calls to workers."""

from service.jobs.job import JobState


class JobError(Exception):
    """An error about a job; `detail` is shown to the client."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class JobNotFound(JobError):
    """No job has this identifier, or it was deleted."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id!r}")


class RequestNotKept(JobError):
    """The job is of an earlier release, or of a kind whose request is not kept."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"the request of job {job_id!r} is not kept")


class InvalidTransition(JobError):
    """The state of the job does not allow the requested transition."""

    def __init__(self, state: JobState, target: JobState) -> None:
        super().__init__(f"the job is {state}; from there it cannot become {target}")


class QueueFull(JobError):
    """The queue is full; the job was not accepted."""

    def __init__(self, waiting: int, retry_after_seconds: int) -> None:
        super().__init__(f"the queue has its maximum of {waiting} jobs; try again later")
        self.retry_after_seconds = retry_after_seconds


class IdempotencyMismatch(JobError):
    """The idempotency key was used before, with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the idempotency key {key!r} was used before with another request body")


class InvalidCursor(JobError):
    """A cursor that no page of the list contained."""

    def __init__(self, cursor: str) -> None:
        super().__init__(f"{cursor!r} is not a cursor of this list; take `next` of a page as it is")


class LeaseLost(JobError):
    """The lease is held by another attempt, or the job has ended: the write was refused."""

    def __init__(self, job_id: str, attempt: int) -> None:
        super().__init__(f"attempt {attempt} no longer holds job {job_id!r}")


class WorkerLost(JobError):
    """The worker process ended before it replied; the outcome of the call is unknown."""


class CallTimeout(JobError):
    """The call exceeded its timeout and its worker was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the call did not return within {seconds:g} s and was stopped")
