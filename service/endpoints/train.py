"""POST /train and the life of a job: find, list, cancel, forget."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.contract import answers, examples, refusals
from service.dependencies import ComputationOf, LimitsOf, StoreOf
from service.jobs.job import Job, JobState
from service.strict_json import StrictJsonRoute
from service.wire.answer import ArrayResponse
from service.wire.job import JobAnswer, JobsAnswer
from service.wire.train import TrainQuestion, submission

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

JobId = Annotated[str, Path(description="as POST /train gave it", max_length=100)]
POLL_SECONDS = "1"
PREPARATION_OPERATIONS = 10**6
"""Preparing a submission reads all data once; that is never short."""


class JobsQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=1000)
    cursor: str | None = Field(None, description="`next` of the page before", max_length=200)
    state: JobState | None = None


def job_response(job: Job, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The job; while it goes on, with a hint when to ask again."""
    hint = {} if job.finished else {"Retry-After": POLL_SECONDS}
    return ArrayResponse(JobAnswer.of(job), status, headers=hint | (headers or {}))


@router.post(
    "/train",
    status_code=202,
    response_model=JobAnswer,
    responses=answers("train", 202) | refusals(413, 415, 422, 503),
)
async def post_train(
    question: Annotated[TrainQuestion, Body(openapi_examples=examples("train"))],
    limits: LimitsOf,
    computation: ComputationOf,
    store: StoreOf,
) -> Response:
    """Train a network in the background.

    The answer is the job; ask for it again at the address in `Location` until it has finished.
    Whatever can be refused is refused now.
    """
    order = await computation.run(lambda: submission(question, limits), PREPARATION_OPERATIONS)
    job = await asyncio.to_thread(store.accept, order)
    return job_response(job, 202, {"Location": f"/train/{job.id}"})


@router.get("/train", response_model=JobsAnswer, responses=refusals(422))
def list_jobs(query: Annotated[JobsQuery, Query()], store: StoreOf) -> Response:
    """Jobs, the newest first, page by page."""
    return ArrayResponse(JobsAnswer.of(store.page(query.limit, query.cursor, query.state)))


@router.get("/train/{id}", response_model=JobAnswer, responses=refusals(404))
def get_job(id: JobId, store: StoreOf) -> Response:
    """How far the job is."""
    return job_response(store.find(id))


@router.post("/train/{id}/cancel", response_model=JobAnswer, responses=refusals(404, 409))
def cancel_job(id: JobId, store: StoreOf) -> Response:
    """Stop the job: a waiting one at once, a running one within a second."""
    return job_response(store.cancel(id))


@router.delete("/train/{id}", status_code=204, response_model=None, responses=refusals(404))
def delete_job(id: JobId, store: StoreOf) -> Response:
    """Forget the job and all it stored; a running one is stopped."""
    store.forget(id)
    return Response(status_code=204)
