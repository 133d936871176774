"""Queue a submission and answer with its job."""

import asyncio
from typing import Annotated

from fastapi import Header, Request, Response

from service.http.conditional_requests import etag
from service.jobs.job import Job
from service.jobs.storage.store import Store
from service.jobs.storage.submission import Submission
from service.limits import Limits
from service.schemas.training.job import JobResponse
from service.serialization.json_writer import ArrayResponse

POLL_SECONDS = "1"
Prefer = Annotated[
    str | None, Header(description="`wait=10` holds the answer back for up to that many seconds")
]
IfNoneMatch = Annotated[
    str | None, Header(description="the ETag of an earlier answer: 304 if it still stands")
]

IfMatch = Annotated[
    str | None,
    Header(description="the ETag of the version to change: 412 if there is a newer one"),
]


def job_response(job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The job; while it runs, with `Retry-After`."""
    hint = {} if job.finished else {"Retry-After": POLL_SECONDS}
    validator = {"ETag": etag(job.version), "Cache-Control": "no-cache"}
    return ArrayResponse(JobResponse.of(job), status, headers=hint | validator | (headers or {}))


def job_address(request: Request, job: Job) -> dict[str, str]:
    """Return the header `Location` of the job, below the root path of the request."""
    return {"Location": f"{request.scope.get('root_path', '')}/train/{job.id}"}


async def accepted(store: Store, submission: Submission, limits: Limits) -> Job:
    """Queue it; a job that there was already, by its key, is not paid for again."""
    job = await asyncio.to_thread(store.accept, submission)
    if job.id != submission.id:
        limits.caller.refund()
    return job


IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="a key chosen by the client: sent again, it gives the same job",
    ),
]
