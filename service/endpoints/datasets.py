"""GET /datasets and GET /datasets/{name}."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from core.datasets import DATASETS
from service.dependencies import ComputationOf, LimitsOf
from service.errors import DatasetNotFound
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import refusals
from service.schemas.datasets import DatasetReference, DatasetsAnswer, Draw, DrawAnswer
from service.schemas.error_location import within
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["data"])

OPERATIONS_PER_SAMPLE = 200


@router.get("/datasets", response_model=DatasetsAnswer)
async def list_datasets() -> Response:
    """The toy sets for classification in the plane."""
    return ArrayResponse(DatasetsAnswer.all())


@router.get("/datasets/{name}", response_model=DrawAnswer, responses=refusals(404, 422, 503))
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
        with within("query"):
            x, y = reference.make()
        return ArrayResponse(DrawAnswer(name=name, **draw.model_dump(), x=x, y=y))

    return await computation.run(answer, OPERATIONS_PER_SAMPLE * draw.samples)
