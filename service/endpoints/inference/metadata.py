"""GET /v2: the server and its models, as the Open Inference Protocol describes them."""

from importlib.metadata import version as version_of
from typing import Any

from fastapi import APIRouter, Request, Response

from service.dependencies import ModelsOf
from service.endpoints.models.paths import NamePath, VersionPath
from service.http.json_route import StrictJsonRoute
from service.inference.model_tensors import metadata
from service.job_system import JobSystem
from service.models.model import LATEST
from service.models.store import ModelStore
from service.openapi.responses import error_responses
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["inference"])

OBJECT = dict[str, Any]


@router.get("/v2", response_model=OBJECT)
async def get_server_metadata() -> Response:
    """The name, the version and the extensions of the server."""
    return ArrayResponse(
        {
            "name": "chainrule",
            "version": version_of("chainrule"),
            "extensions": ["binary_tensor_data", "classification_labels"],
        }
    )


@router.get("/v2/health/live", response_model=OBJECT)
async def get_server_live() -> Response:
    """Whether the server runs."""
    return ArrayResponse({"live": True})


@router.get("/v2/health/ready", response_model=OBJECT, responses=error_responses(503))
async def get_server_ready(request: Request) -> Response:
    """Whether the server takes work: as `/health/ready`."""
    job_system: JobSystem = request.app.state.job_system
    await job_system.require_writable()
    return ArrayResponse({"ready": True})


@router.get("/v2/models/{name}", response_model=OBJECT, responses=error_responses(404, 503))
def get_model_metadata(name: NamePath, models: ModelsOf) -> Response:
    """The inputs and outputs of the latest version."""
    return _metadata(models, name, LATEST)


@router.get(
    "/v2/models/{name}/versions/{version}",
    response_model=OBJECT,
    responses=error_responses(404, 503),
)
def get_model_version_metadata(name: NamePath, version: VersionPath, models: ModelsOf) -> Response:
    """The inputs and outputs of a version, by its number or by an alias."""
    return _metadata(models, name, version)


@router.get("/v2/models/{name}/ready", response_model=OBJECT, responses=error_responses(404, 503))
def get_model_ready(name: NamePath, models: ModelsOf) -> Response:
    """Whether the latest version can be asked."""
    return _ready(models, name, LATEST)


@router.get(
    "/v2/models/{name}/versions/{version}/ready",
    response_model=OBJECT,
    responses=error_responses(404, 503),
)
def get_model_version_ready(name: NamePath, version: VersionPath, models: ModelsOf) -> Response:
    """Whether a version can be asked."""
    return _ready(models, name, version)


def _metadata(models: ModelStore, name: str, wanted: str) -> Response:
    numbers = [version.version for version in models.find(name).versions]
    return ArrayResponse(metadata(models.version(name, wanted), numbers))


def _ready(models: ModelStore, name: str, wanted: str) -> Response:
    version = models.load(name, wanted).version
    return ArrayResponse({"name": version.name, "version": str(version.version), "ready": True})
