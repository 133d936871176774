"""Find, list, cancel and delete jobs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.dependencies import DispatcherOf, JobId, JobOf, StoreOf
from service.http.conditional_requests import etag, matches, require_match
from service.http.json_route import StrictJsonRoute
from service.http.prefer import applied, wait_seconds
from service.jobs.job import JobState
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.schemas.request_model import PRINTABLE
from service.schemas.training.job import JobResponse, JobsResponse
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfMatch, IfNoneMatch, Prefer, job_response
from service.submission.waiting import wait_for_change, wait_until_finished

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])


class JobsQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=1000, description="maximum jobs on a page")
    cursor: str | None = Field(None, description="`next` of the page before", max_length=200)
    state: JobState | None = Field(None, description="only jobs that are in this state")
    name: str | None = Field(
        None, pattern=PRINTABLE, description="only jobs of this name", max_length=200
    )
    tag: str | None = Field(
        None, pattern=PRINTABLE, description="only jobs with this tag", max_length=100
    )
    optimizer: str | None = Field(
        None, pattern=PRINTABLE, description="only jobs with this one", max_length=40
    )
    loss: str | None = Field(
        None, pattern=PRINTABLE, description="only jobs with this loss", max_length=40
    )
    dataset: str | None = Field(
        None,
        pattern=PRINTABLE,
        description="only jobs on this data set: its id, or a toy set",
        max_length=40,
    )

    @property
    def labels(self) -> dict[str, str]:
        """The labels that a job must have."""
        wanted = self.model_dump(include={"name", "tag", "optimizer", "loss", "dataset"})
        return {name: value for name, value in wanted.items() if value is not None}


@router.get("/train", response_model=JobsResponse, responses=error_responses(422))
def list_jobs(query: Annotated[JobsQuery, Query()], store: StoreOf) -> Response:
    """Jobs, the newest first, page by page."""
    return ArrayResponse(
        JobsResponse.of(store.page(query.limit, query.cursor, query.state, query.labels))
    )


@router.get(
    "/train/{id}", response_model=JobResponse, responses=NOT_MODIFIED | error_responses(404)
)
async def get_job(
    job: JobOf,
    request: Request,
    dispatcher: DispatcherOf,
    prefer: Prefer = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """How far the job is.

    With `Prefer: wait=10` the answer comes when the job has finished, or with the `ETag` of an
    earlier answer in `If-None-Match` when it has changed; at the latest after that many seconds.
    """
    seconds = wait_seconds(prefer)
    if seconds and matches(if_none_match, etag(job.version)) and not job.finished:
        job = await wait_for_change(request, dispatcher, job, seconds)
    elif not if_none_match:
        job = await wait_until_finished(request, dispatcher, job, seconds)
    if matches(if_none_match, etag(job.version)):
        return Response(status_code=304, headers={"ETag": etag(job.version)} | applied(seconds))
    return job_response(job, headers=applied(seconds))


@router.post(
    "/train/{id}/cancel", response_model=JobResponse, responses=error_responses(404, 409, 412)
)
def cancel_job(job_id: JobId, store: StoreOf, if_match: IfMatch = None) -> Response:
    """Stop the job: a queued one at once, a running one within a second."""
    return job_response(
        store.cancel(job_id, lambda job: require_match(if_match, etag(job.version)))
    )


@router.delete(
    "/train/{id}", status_code=204, response_model=None, responses=error_responses(404, 412)
)
def delete_job(job_id: JobId, store: StoreOf, if_match: IfMatch = None) -> Response:
    """Delete the job and all it stored; a running one is stopped."""
    store.delete(job_id, lambda job: require_match(if_match, etag(job.version)))
    return Response(status_code=204)
