"""Data sets: POST, GET and DELETE /datasets, rows by page, and draws of the toy sets."""

from dataclasses import asdict
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from core.datasets import DATASETS
from service.datasets.csv_writer import write_csv
from service.datasets.description import summarize
from service.datasets.store import DatasetStore, StoredDataset
from service.datasets.upload import CSV, IN_MEMORY, JSON, NPZ, TSV, MediaType, Upload
from service.dependencies import JOB_ID, Accept, ComputationOf, DatasetsOf, LimitsOf, StoreOf
from service.errors import DatasetNotFound
from service.http.content_negotiation import choose
from service.http.json_route import StrictJsonRoute
from service.job_system import JobSystem
from service.openapi.responses import Responses, error_responses
from service.schemas.datasets import DatasetReference, DatasetSamplesResponse, Draw
from service.schemas.error_location import prefix_location
from service.schemas.stored_datasets import (
    DatasetsQuery,
    DatasetsResponse,
    RowsQuery,
    RowsResponse,
    StoredDatasetResponse,
    UploadQuery,
    stored_dataset,
)
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["data"])

OPERATIONS_PER_SAMPLE = 200
OPERATIONS_PER_BYTE = 100
"""Of an upload: 92 MB take about two seconds."""
OPERATIONS_PER_ROW = 10_000

DatasetId = Annotated[
    str,
    Path(
        alias="id",
        description="the id that POST /datasets gave, or the name of a toy set",
        openapi_examples={"moons": {"value": "moons"}},
    ),
]
StoredId = Annotated[str, Path(alias="id", description="as POST /datasets gave it")]

_FILE = {"type": "string", "format": "binary"}
_BODY: dict[str, Any] = {
    "required": True,
    "description": "A table: rows are samples. A CSV has commas, semicolons, tabs or pipes, a "
    "decimal point or comma, quotes, a byte order mark or none, a header or none. JSON is "
    '`{"x", "y"}`, `{"columns": {name: values}}`, or an array of objects. An `.npz` file has x and '
    "y, or an array for each column.",
    # Generated clients send a file as the last type that takes one, and no lists of objects.
    "content": {
        JSON: {
            "schema": {"type": "object"},
            "example": {"x": [[0.2, 1.4], [1.3, 4.5]], "y": ["setosa", "versicolor"]},
        },
        NPZ: {"schema": _FILE},
        TSV: {"schema": _FILE},
        CSV: {
            "schema": _FILE,
            "example": "width,height,species\n0.2,1.4,setosa\n1.3,4.5,versicolor\n",
        },
    },
}
_AS_CSV: Responses = {
    200: {
        "content": {CSV: {"schema": {"type": "string"}}},
        "description": "In the media type that `Accept` selects.",
    }
}


@router.post(
    "/datasets",
    status_code=201,
    response_model=StoredDatasetResponse,
    responses=error_responses(413, 415, 422, 503),
    openapi_extra={"requestBody": _BODY},
)
async def post_dataset(
    query: Annotated[UploadQuery, Query()],
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    store: StoreOf,
    datasets: DatasetsOf,
) -> Response:
    """Store a table to train on.

    The answer describes each column, the target it probably has, and what is odd about it. An
    error names line and column. A CSV streams to disk, however long it is.
    """
    media_type = MediaType.parse(request.headers.get("content-type", ""))
    settings = limits.settings
    longest = (
        settings.max_body_bytes if media_type.name in IN_MEMORY else settings.max_dataset_bytes
    )
    upload = Upload(store.files.directory, media_type, longest)

    def read() -> StoredDataset:
        table = upload.read(query.dialect, limits.table)
        summary = orjson.dumps(asdict(summarize(table))).decode()
        return datasets.add(table.table, query.name, upload.digest, summary)

    try:
        coding = request.headers.get("content-encoding", "identity").strip().lower()
        await upload.receive(request.stream(), coding)
        limits.operations(OPERATIONS_PER_BYTE * upload.bytes)
        dataset = await computation.run(read, float("inf"))
    finally:
        upload.close()
    return ArrayResponse(
        stored_dataset(dataset), 201, headers={"Location": f"/datasets/{dataset.id}"}
    )


@router.get("/datasets", response_model=DatasetsResponse, responses=error_responses(422, 503))
def list_datasets(query: Annotated[DatasetsQuery, Query()], datasets: DatasetsOf) -> Response:
    """The toy sets for classification in the plane, and your own data sets, the newest first."""
    return ArrayResponse(DatasetsResponse.of(datasets.page(query.limit, query.cursor)))


@router.get(
    "/datasets/{id}",
    response_model=StoredDatasetResponse | DatasetSamplesResponse,
    responses=error_responses(404, 422, 503),
)
async def get_dataset(
    dataset_id: DatasetId,
    draw: Annotated[Draw, Query()],
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
) -> Response:
    """Describe a data set of yours, or draw x and y of a toy set.

    A draw has the same numbers for the same query, always.
    """
    if JOB_ID.fullmatch(dataset_id):
        job_system: JobSystem = request.app.state.job_system
        datasets = DatasetStore(job_system.store, request.scope["caller"].name)
        return await computation.run(
            lambda: ArrayResponse(stored_dataset(datasets.find(dataset_id))), float("inf")
        )
    limits.samples(draw.samples, ("query", "samples"))
    if dataset_id not in DATASETS:
        raise DatasetNotFound(dataset_id, tuple(DATASETS))
    reference = DatasetReference(dataset=dataset_id, **draw.model_dump())

    def answer() -> Response:
        with prefix_location("query"):
            x, y = reference.make()
        return ArrayResponse(DatasetSamplesResponse(name=dataset_id, **draw.model_dump(), x=x, y=y))

    return await computation.run(answer, OPERATIONS_PER_SAMPLE * draw.samples)


@router.get(
    "/datasets/{id}/rows",
    response_model=RowsResponse,
    responses=_AS_CSV | error_responses(404, 406, 422, 503),
)
async def get_dataset_rows(
    dataset_id: StoredId,
    query: Annotated[RowsQuery, Query()],
    limits: LimitsOf,
    computation: ComputationOf,
    datasets: DatasetsOf,
    accept: Accept = None,
) -> Response:
    """Rows of a data set, as JSON or as CSV."""
    media_type = choose(accept, (JSON, CSV))
    limits.operations(OPERATIONS_PER_ROW * query.limit)

    def answer() -> Response:
        stop = query.start + query.limit
        table = datasets.table(dataset_id, query.start, stop)
        headers = {"Vary": "Accept"}
        if media_type == CSV:
            return Response(write_csv(table), media_type="text/csv; charset=utf-8", headers=headers)
        more = stop if stop < datasets.find(dataset_id).rows else None
        rows = RowsResponse(list(table.names), query.start, table.labels(), more)
        return ArrayResponse(rows, headers=headers)

    return await computation.run(answer, float("inf"))


@router.delete(
    "/datasets/{id}", status_code=204, response_model=None, responses=error_responses(404, 503)
)
def delete_dataset(dataset_id: StoredId, datasets: DatasetsOf) -> Response:
    """Delete a data set of yours; jobs keep the rows they were trained on."""
    datasets.delete(dataset_id)
    return Response(status_code=204)
