"""GET /train/{id}/frames: the parameters of a training along the way."""

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Response

from service.dependencies import Accept, ComputationOf, StoreOf
from service.http.conditional_requests import conditional_response, etag
from service.http.content_negotiation import JSON, choose
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.representations.documents import VARY
from service.results.approximation import TrainingOf
from service.results.frames import Frames, frames_of
from service.schemas.training.frames import FramesQuery, FramesResponse
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfNoneMatch

router = APIRouter(route_class=StrictJsonRoute, tags=["training"])

BINARY = "application/octet-stream"
OPERATIONS = 10**7
"""About 10^6 numbers are read and written."""


@router.get(
    "/train/{id}/frames",
    response_model=FramesResponse,
    responses=NOT_MODIFIED
    | {
        200: {
            "description": "The frames.",
            "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
    | error_responses(404, 406, 422, 503),
)
async def get_frames(
    job: TrainingOf,
    query: Annotated[FramesQuery, Query()],
    store: StoreOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The parameters of a small network (up to 4096 of them) at up to 241 moments of its training.

    JSON, or as `application/octet-stream` little-endian float32: a row per frame with the
    iteration, the loss (NaN where it is not finite) and the parameters.
    """
    media_type = choose(accept, (JSON, BINARY))

    def answer() -> Response:
        frames = frames_of(store, job, query.after, query.at_most)
        if media_type == BINARY:
            return Response(_packed(frames), media_type=BINARY, headers=VARY)
        return ArrayResponse(
            FramesResponse(list(frames.sizes), frames.iteration, frames.loss, frames.parameters),
            headers=VARY,
        )

    form = f"{media_type}-{query.after}-{query.at_most}"
    return await computation.run(
        lambda: conditional_response(etag(job.version, form), if_none_match, answer), OPERATIONS
    )


def _packed(frames: Frames) -> bytes:
    columns = (frames.iteration, frames.loss, frames.parameters)
    with np.errstate(over="ignore"):
        return np.column_stack(columns).astype("<f4").tobytes()
