"""POST /models: a new version from a job, a network, or a file."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request, Response

from core.export.file_format import by_media_type
from core.export.network.formats import NETWORK_FORMATS, NETWORK_READERS
from core.neural_network import NeuralNetwork
from core.tables.schema import TableSchema
from service.dependencies import ComputationOf, LimitsOf, ModelsOf, StoreOf
from service.errors import UnsupportedMediaType
from service.http.content_negotiation import JSON
from service.http.json_route import StrictJsonRoute, read_file, read_model, validated
from service.jobs.storage.store import Store
from service.models.model import ModelVersion, Origin
from service.openapi.responses import error_responses, request_body
from service.representations.files import FILE_OPERATIONS
from service.results.model_source import job_network, job_schema, origin_of
from service.schemas.error_location import prefix_location
from service.schemas.models.request import ImportQuery, ModelColumns, ModelRequest
from service.schemas.models.response import ModelVersionResponse
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["models"])

BINARY = "application/octet-stream"
READABLE = {name: NETWORK_FORMATS[name] for name in NETWORK_READERS}
_BODY = request_body(
    ModelRequest,
    {BINARY: {"schema": {"type": "string", "format": "binary"}}},
    "A job or a network as JSON; or a file of parameters (npz, safetensors) or an ONNX model, with "
    "`name` and `format` in the address. Files hold numbers: nothing in them is executed.",
    example={
        "name": "xor",
        "classes": ["equal", "different"],
        "network": {
            "layers": [
                {"weights": [[1, 1], [1, 1]], "biases": [0, -1], "activation": "relu"},
                {"weights": [[8, -16]], "biases": [-4], "activation": "sigmoid"},
            ]
        },
    },
)


@router.post(
    "/models",
    status_code=201,
    response_model=ModelVersionResponse,
    responses=error_responses(404, 409, 413, 415, 422, 503),
    openapi_extra=_BODY,
)
async def post_model(
    query: Annotated[ImportQuery, Query()],
    request: Request,
    limits: LimitsOf,
    computation: ComputationOf,
    store: StoreOf,
    models: ModelsOf,
) -> Response:
    """Keep a network as a model, under a name.

    A name that exists gets a new version; all versions of a model have the same inputs, outputs and
    classes. A version never changes.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    make: Callable[[], NewVersion]
    if media_type in ("", JSON):
        asked = await read_model(request, ModelRequest)
        make = partial(_from_json, asked, store)
    else:
        read = _reader(media_type, query.format)
        columns = validated(lambda described: described(), query.described, "query")
        make = partial(_from_file, query.required_name, columns, read, await read_file(request))

    def add() -> ModelVersion:
        new = make()
        limits.network(new.network)
        return models.add(
            new.name, new.network, new.schema, new.origin, limits.settings.max_model_versions
        )

    version = await computation.run(add, FILE_OPERATIONS)
    headers = {"Location": f"/models/{version.name}/versions/{version.version}"}
    return ArrayResponse(ModelVersionResponse.of(version), 201, headers=headers)


class NewVersion(NamedTuple):
    """What a version is made of."""

    name: str
    network: NeuralNetwork
    schema: TableSchema
    origin: Origin


def _from_json(asked: ModelRequest, store: Store) -> NewVersion:
    """The network of the body or of a job; a job has its columns, unless they are given."""
    if asked.network is not None:
        network = asked.network.to_core()
        return NewVersion(asked.name, network, asked.table_schema(network.sizes), Origin("network"))
    job = store.find(asked.job or "")
    origin, network = origin_of(store, job), job_network(store, job)
    is_described = asked.columns or asked.classes or asked.target
    schema_of = asked.table_schema if is_described else partial(job_schema, store, job)
    return NewVersion(asked.name, network, schema_of(network.sizes), origin)


def _from_file(
    name: str, columns: ModelColumns, read: Callable[[bytes], NeuralNetwork], content: bytes
) -> NewVersion:
    network = read(content)
    with prefix_location("query"):
        return NewVersion(name, network, columns.table_schema(network.sizes), Origin("file"))


def _reader(media_type: str, format_name: str | None) -> Callable[[bytes], NeuralNetwork]:
    """The reader for the media type, or for the format; raises `UnsupportedMediaType`."""
    available = by_media_type(READABLE)
    name = format_name if media_type == BINARY else available.get(media_type)
    if name is None or name not in available.values():
        raise UnsupportedMediaType(
            f"a model comes as {JSON}, {', '.join(available)}, or as {BINARY} with ?format= one of "
            f"{', '.join(available.values())}; this is {media_type}"
        )
    return NETWORK_READERS[name]
