"""The life of a job: find, list, cancel, forget."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.conditional import etag, unchanged
from service.contract import NOT_MODIFIED, refusals
from service.dependencies import DriverOf, JobId, JobOf, StoreOf
from service.jobs.acceptance import Submission
from service.jobs.driver import Driver
from service.jobs.job import Job, JobState
from service.jobs.store import Store
from service.limits import Limits
from service.preferences import applied, wait_seconds
from service.strict_json import StrictJsonRoute
from service.wire.answer import ArrayResponse
from service.wire.job import JobAnswer, JobsAnswer

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

POLL_SECONDS = "1"
Prefer = Annotated[
    str | None, Header(description="`wait=10` holds the answer back for up to so many seconds")
]
IfNoneMatch = Annotated[
    str | None, Header(description="the ETag of an earlier answer: 304 if it still stands")
]


class JobsQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=1000, description="at most so many on a page")
    cursor: str | None = Field(None, description="`next` of the page before", max_length=200)
    state: JobState | None = Field(None, description="only jobs that are in this state")


def job_response(job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The job; while it goes on, with a hint when to ask again."""
    hint = {} if job.finished else {"Retry-After": POLL_SECONDS}
    validator = {"ETag": etag(job.version), "Cache-Control": "no-cache"}
    return ArrayResponse(JobAnswer.of(job), status, headers=hint | validator | (headers or {}))


async def accepted(store: Store, submission: Submission, limits: Limits) -> Job:
    """Queue it; a job that there was already, by its key, is not paid for again."""
    job = await asyncio.to_thread(store.accept, submission)
    if job.id != submission.id:
        limits.caller.refund()
    return job


async def wait_until_finished(driver: Driver, job: Job, seconds: int | None) -> Job:
    """The job once it has finished, at the latest after so many seconds; None does not wait."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + (seconds or 0)
    while not job.finished and (left := deadline - loop.time()) > 0:
        job = await driver.wait_for_change(job.id, job.version, left)
    return job


@router.get("/train", response_model=JobsAnswer, responses=refusals(422))
def list_jobs(query: Annotated[JobsQuery, Query()], store: StoreOf) -> Response:
    """Jobs, the newest first, page by page."""
    return ArrayResponse(JobsAnswer.of(store.page(query.limit, query.cursor, query.state)))


@router.get("/train/{id}", response_model=JobAnswer, responses=NOT_MODIFIED | refusals(404))
async def get_job(
    job: JobOf, driver: DriverOf, prefer: Prefer = None, if_none_match: IfNoneMatch = None
) -> Response:
    """How far the job is.

    With `Prefer: wait=10` the answer comes when the job has finished, or with the `ETag` of an
    earlier answer in `If-None-Match` when it has changed; at the latest after so many seconds.
    """
    seconds = wait_seconds(prefer)
    if seconds and unchanged(if_none_match, etag(job.version)) and not job.finished:
        job = await driver.wait_for_change(job.id, job.version, seconds)
    elif not if_none_match:
        job = await wait_until_finished(driver, job, seconds)
    if unchanged(if_none_match, etag(job.version)):
        return Response(status_code=304, headers={"ETag": etag(job.version)} | applied(seconds))
    return job_response(job, headers=applied(seconds))


@router.post("/train/{id}/cancel", response_model=JobAnswer, responses=refusals(404, 409))
def cancel_job(job_id: JobId, store: StoreOf) -> Response:
    """Stop the job: a waiting one at once, a running one within a second."""
    return job_response(store.cancel(job_id))


@router.delete("/train/{id}", status_code=204, response_model=None, responses=refusals(404))
def delete_job(job_id: JobId, store: StoreOf) -> Response:
    """Forget the job and all it stored; a running one is stopped."""
    store.forget(job_id)
    return Response(status_code=204)
