"""What can be wrong with a request about a job, or happen to a call, named for what happened."""

from service.jobs.job import JobState


class JobError(Exception):
    """A sentence about a job that the one who asked may read."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class JobNotFound(JobError):
    """No job has this identifier, or it was forgotten."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"there is no job {job_id!r}")


class InvalidTransition(JobError):
    """The job is past the point where this could be done."""

    def __init__(self, state: JobState, target: JobState) -> None:
        super().__init__(f"the job is {state}; from there it cannot become {target}")


class QueueFull(JobError):
    """As many jobs wait as may wait; nothing of this one was kept."""

    def __init__(self, waiting: int, retry_after_seconds: int) -> None:
        super().__init__(f"{waiting} jobs are waiting and no more may; try again later")
        self.retry_after_seconds = retry_after_seconds


class IdempotencyMismatch(JobError):
    """The idempotency key came before, with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the idempotency key {key!r} was used before with another request body")


class InvalidCursor(JobError):
    """A cursor that no page of ours contained."""

    def __init__(self, cursor: str) -> None:
        super().__init__(f"{cursor!r} is not a cursor of this list; take `next` of a page as it is")


class LeaseLost(JobError):
    """Another attempt has taken over, or the job was ended or forgotten: the write was refused."""

    def __init__(self, job_id: str, attempt: int) -> None:
        super().__init__(f"attempt {attempt} no longer holds job {job_id!r}")


class WorkerLost(JobError):
    """The worker vanished before it answered; nothing is known of the call."""


class CallTimeout(JobError):
    """The call did not return in its time and was stopped hard."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the call did not return within {seconds:g} s and was stopped")
