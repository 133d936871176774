"""POST /models/{name}/predict and POST /train/{id}/predict."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from core.arrays import Array
from core.cost import forward_operations, trace_numbers
from service.datasets.errors import InvalidDataset
from service.dependencies import Accept, ComputationOf, JobOf, LimitsOf, ModelsOf, StoreOf
from service.endpoints.models.paths import NamePath, VersionQuery
from service.http.content_negotiation import JSON, choose
from service.http.json_route import StrictJsonRoute, read_file, read_model
from service.limits import Limits
from service.models.prediction import Prediction, Predictor
from service.openapi.responses import Responses, error_responses, request_body
from service.representations.documents import VARY
from service.results.model_source import job_predictor
from service.schemas.error_location import prefix_location
from service.schemas.models.prediction import PredictRequest, PredictResponse
from service.serialization.json_writer import ArrayResponse
from service.thread_pool import ComputePool

router = APIRouter(route_class=StrictJsonRoute, tags=["models"])

CSV = "text/csv"
OPERATIONS = 1e8
"""Beside the network there is the database to read, which may keep its thread waiting."""
_BODY = request_body(
    PredictRequest,
    {CSV: {"schema": {"type": "string", "format": "binary"}}},
    "Rows as JSON, or a CSV file whose header has the names of the columns.",
    example={"rows": [{"x1": 0, "x2": 1}, [1, 1]]},
)
_RESPONSES: Responses = {
    200: {
        "description": "In the media type that `Accept` selects; by default that of the rows.",
        "content": {CSV: {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/models/{name}/predict",
    response_model=PredictResponse,
    responses=_RESPONSES | error_responses(404, 406, 413, 415, 422, 503),
    openapi_extra=_BODY,
)
async def post_predict(
    name: NamePath,
    query: Annotated[VersionQuery, Query()],
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    models: ModelsOf,
    accept: Accept = None,
) -> Response:
    """Predict rows: a label, or a number, for each, and the probabilities of the classes.

    Further columns than those of the model are ignored. A category that was not among the training
    rows has no indicator set; a missing number is filled as in the training, or refused.
    """

    def predictor() -> Predictor:
        return models.load(name, query.version).predictor

    return await _predict(request, predictor, accept, limits, computation)


@router.post(
    "/train/{id}/predict",
    response_model=PredictResponse,
    responses=_RESPONSES | error_responses(404, 406, 409, 413, 415, 422, 503),
    openapi_extra=_BODY,
)
async def post_job_predict(
    job: JobOf,
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    store: StoreOf,
    accept: Accept = None,
) -> Response:
    """Predict rows with the network of a job, as it is now.

    As `/models/{name}/predict` does.
    """
    return await _predict(request, lambda: job_predictor(store, job), accept, limits, computation)


async def _predict(
    request: Request,
    predictor: Callable[[], Predictor],
    accept: str | None,
    limits: Limits,
    computation: ComputePool,
) -> Response:
    is_csv = request.headers.get("content-type", "").lower().startswith(CSV)
    media_type = choose(accept, (CSV, JSON) if is_csv else (JSON, CSV))
    if is_csv:
        encode = partial(_of_csv, await read_file(request), limits)
    else:
        encode = partial(_of_json, await read_model(request, PredictRequest))

    def answer() -> Response:
        found = predictor()
        x = encode(found)
        limits.samples(len(x), ("rows",))
        limits.numbers(trace_numbers(found.network.sizes, len(x)))
        limits.operations(forward_operations(found.network.sizes, len(x)))
        return _response(found.predict(x), media_type)

    return await computation.run(answer, OPERATIONS)


def _of_csv(content: bytes, limits: Limits, predictor: Predictor) -> Array:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidDataset("the file is not in UTF-8") from None
    return predictor.of_csv(text, lambda rows, columns: limits.samples(rows, ()))


def _of_json(asked: PredictRequest, predictor: Predictor) -> Array:
    with prefix_location("rows"):
        return predictor.of_rows(asked.rows)


def _response(prediction: Prediction, media_type: str) -> Response:
    if media_type == CSV:
        return Response(prediction.to_csv(), media_type=CSV, headers=VARY)
    return ArrayResponse(PredictResponse.of(prediction), headers=VARY)
