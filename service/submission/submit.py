"""Queue a submission, wait for the job, and answer with it."""

import asyncio
from typing import Annotated

from fastapi import Header, Response

from service.http.conditional_requests import etag
from service.jobs.job import Job
from service.jobs.runner.dispatcher import Dispatcher
from service.jobs.storage.store import Store
from service.jobs.storage.submission import Submission
from service.limits import Limits
from service.schemas.training.job import JobResponse
from service.serialization.json_writer import ArrayResponse

POLL_SECONDS = "1"
Prefer = Annotated[
    str | None, Header(description="`wait=10` holds the answer back for up to so many seconds")
]
IfNoneMatch = Annotated[
    str | None, Header(description="the ETag of an earlier answer: 304 if it still stands")
]


def job_response(job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The job; while it goes on, with a hint when to ask again."""
    hint = {} if job.finished else {"Retry-After": POLL_SECONDS}
    validator = {"ETag": etag(job.version), "Cache-Control": "no-cache"}
    return ArrayResponse(JobResponse.of(job), status, headers=hint | validator | (headers or {}))


async def accepted(store: Store, submission: Submission, limits: Limits) -> Job:
    """Queue it; a job that there was already, by its key, is not paid for again."""
    job = await asyncio.to_thread(store.accept, submission)
    if job.id != submission.id:
        limits.caller.refund()
    return job


async def wait_until_finished(driver: Dispatcher, job: Job, seconds: int | None) -> Job:
    """The job once it has finished, at the latest after so many seconds; None does not wait."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + (seconds or 0)
    while not job.finished and (left := deadline - loop.time()) > 0:
        job = await driver.wait_for_change(job.id, job.version, left)
    return job


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="a name of yours for this request: sent again, it gives the same job",
    ),
]
