"""What a job was asked with, its request and its data, and how good its network is on them."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from service.dependencies import Accept, ComputationOf, JobOf, LimitsOf, StoreOf
from service.http.conditional_requests import conditional_response, etag
from service.http.content_negotiation import JSON, choose
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import NOT_MODIFIED, Responses, error_responses
from service.results.approximation import TrainingOf
from service.results.evaluation import EvaluationResponse, evaluation_of
from service.results.training_rows import TrainingRows, training_rows
from service.schemas.approximation.comparison import CompareRequest
from service.schemas.approximation.request import ApproximateRequest
from service.schemas.training.request import TrainRequest
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

CSV = "text/csv"
OPERATIONS_PER_NUMBER = 1000
_AS_CSV: Responses = {
    200: {
        "content": {CSV: {"schema": {"type": "string"}}},
        "description": "In the media type that `Accept` selects.",
    }
}


class RowsQuery(BaseModel):
    """Which rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: int = Field(0, ge=0, le=2**53, description="the first row, from 0")
    limit: int = Field(10_000, ge=1, le=1_000_000, description="maximum rows on a page")


@router.get(
    "/train/{id}/request",
    response_model=TrainRequest | ApproximateRequest | CompareRequest,
    responses=NOT_MODIFIED | error_responses(404),
)
def get_request(job: JobOf, store: StoreOf, if_none_match: IfNoneMatch = None) -> Response:
    """The body that asked for the job, as it was sent: posting it again gives the same again."""
    return conditional_response(
        etag("request"),
        if_none_match,
        lambda: Response(store.request(job.id), media_type=JSON),
    )


@router.get(
    "/train/{id}/data",
    response_model=TrainingRows,
    responses=NOT_MODIFIED | _AS_CSV | error_responses(404, 406, 422, 503),
)
async def get_data(
    job: TrainingOf,
    query: Annotated[RowsQuery, Query()],
    store: StoreOf,
    limits: LimitsOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The rows that the job trains on, x and y as the network takes and gives them.

    `part` says of each row whether it is trained on, validated on or tested on. By `Accept` a CSV
    with a header.
    """
    media_type = choose(accept, (JSON, CSV))
    tag = etag(f"data-{query.start}-{query.limit}", "json" if media_type == JSON else "csv")

    def answer() -> Response:
        rows = training_rows(store, job.id, query.start, query.start + query.limit)
        limits.operations(OPERATIONS_PER_NUMBER * (rows.x.size + rows.y.size))
        headers = {"Vary": "Accept"}
        if media_type == JSON:
            return ArrayResponse(rows, headers=headers)
        return Response(rows.to_csv(), media_type="text/csv; charset=utf-8", headers=headers)

    return await computation.run(
        lambda: conditional_response(tag, if_none_match, answer), float(np.inf)
    )


@router.get(
    "/train/{id}/evaluation",
    response_model=EvaluationResponse,
    responses=NOT_MODIFIED | error_responses(404, 422, 503),
)
async def get_evaluation(
    job: TrainingOf,
    store: StoreOf,
    limits: LimitsOf,
    computation: ComputationOf,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """How good the network is on the rows of the training, the validation and the test.

    Of classes: accuracy, precision and recall, the confusion matrix and ROC curves; of numbers: R²,
    mean absolute error and RMSE. The parts are those of `/train/{id}/data`.
    """
    return await computation.run(
        lambda: conditional_response(
            etag(job.version, "evaluation"),
            if_none_match,
            lambda: ArrayResponse(evaluation_of(store, job.id, limits)),
        ),
        float(np.inf),
    )
