"""POST /train and POST /train/estimate."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from service.dependencies import ComputationOf, DispatcherOf, LimitsOf, OpenDatasets, StoreOf
from service.http.json_route import StrictJsonRoute
from service.http.prefer import applied, wait_seconds
from service.jobs.storage.submission import Submission
from service.openapi.responses import error_responses, example_responses, examples
from service.schemas.training.estimate import EstimateResponse
from service.schemas.training.job import JobResponse
from service.schemas.training.request import TrainRequest
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import (
    IdempotencyKey,
    Prefer,
    accepted,
    job_address,
    job_response,
)
from service.submission.training import TrainingSubmission
from service.submission.waiting import wait_until_finished

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

PREPARATION_OPERATIONS = 10**6
"""Preparing a training reads all data, so it always runs in the thread pool."""

Question = Annotated[TrainRequest, Body(openapi_examples=examples("train"))]


@router.post(
    "/train",
    status_code=202,
    response_model=JobResponse,
    responses=example_responses("train", 202) | error_responses(413, 415, 422, 503),
)
async def post_train(
    question: Question,
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    store: StoreOf,
    datasets: OpenDatasets,
    dispatcher: DispatcherOf,
    idempotency_key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> Response:
    """Train a network in the background.

    The answer is the job; ask for it again at the address in `Location` until it has finished, or
    let `Prefer: wait=10` hold the answer back for up to that many seconds. Invalid requests are
    refused at once, before the job is accepted.
    """
    body = await request.body()

    def prepare() -> Submission:
        order = TrainingSubmission.of(question, limits, datasets)
        cost = order.estimate()
        limits.estimate(cost.operations, cost.memory_bytes, cost.seconds)
        return order.submission(idempotency_key, body)

    submission = await computation.run(prepare, PREPARATION_OPERATIONS)
    job = await accepted(store, submission, limits)
    seconds = wait_seconds(prefer)
    job = await wait_until_finished(request, dispatcher, job, seconds)
    return job_response(job, 202, job_address(request, job) | applied(seconds))


@router.post(
    "/train/estimate",
    response_model=EstimateResponse,
    responses=error_responses(413, 415, 422, 503),
)
async def post_estimate(
    question: Question, limits: LimitsOf, computation: ComputationOf, datasets: OpenDatasets
) -> Response:
    """What a training would cost, without training.

    Takes what `/train` takes and refuses what it refuses, but for the limits on the cost.
    """

    def estimate() -> Response:
        return ArrayResponse(TrainingSubmission.of(question, limits, datasets).estimate())

    return await computation.run(estimate, PREPARATION_OPERATIONS)
