"""GET /datasets and GET /datasets/{name}."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core.datasets import DATASETS
from service.dependencies import ComputationOf, LimitsOf
from service.errors import DatasetNotFound
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses
from service.schemas.datasets import (
    DatasetReference,
    DatasetSamplesResponse,
    DatasetsResponse,
    Draw,
)
from service.schemas.error_location import prefix_location
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["data"])

OPERATIONS_PER_SAMPLE = 200


@router.get("/datasets", response_model=DatasetsResponse)
async def list_datasets() -> Response:
    """The toy sets for classification in the plane."""
    return ArrayResponse(DatasetsResponse.all())


@router.get(
    "/datasets/{name}",
    response_model=DatasetSamplesResponse,
    responses=error_responses(404, 422, 503),
)
async def draw_dataset(
    name: Annotated[
        str,
        Path(
            description="as GET /datasets lists it", openapi_examples={"moons": {"value": "moons"}}
        ),
    ],
    draw: Annotated[Draw, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
) -> Response:
    """Draw x and y; the same numbers for the same query, always."""
    limits.samples(draw.samples, ("query", "samples"))
    if name not in DATASETS:
        raise DatasetNotFound(name, tuple(DATASETS))
    reference = DatasetReference(dataset=name, **draw.model_dump())

    def answer() -> Response:
        with prefix_location("query"):
            x, y = reference.make()
        return ArrayResponse(DatasetSamplesResponse(name=name, **draw.model_dump(), x=x, y=y))

    return await computation.run(answer, OPERATIONS_PER_SAMPLE * draw.samples)
