"""GET and DELETE of models and their versions, and their networks as files."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from core.export.network.formats import NETWORK_FORMATS
from core.neural_network import NeuralNetwork
from service.dependencies import Accept, ComputationOf, ModelsOf
from service.endpoints.models.paths import NamePath, VersionPath, VersionQuery
from service.http.conditional_requests import conditional_response, etag
from service.http.json_route import StrictJsonRoute
from service.models.store import ModelStore
from service.openapi.responses import NOT_MODIFIED, error_responses
from service.representations.files import FILE_OPERATIONS, as_files, choose_form, with_files
from service.representations.network import network_forms
from service.representations.represent import Representations, as_json
from service.schemas.file_formats import NetworkQuery
from service.schemas.models.response import ModelResponse, ModelsResponse, ModelVersionResponse
from service.schemas.network import NetworkResponse
from service.serialization.json_writer import ArrayResponse
from service.submission.submit import IfNoneMatch
from service.thread_pool import ComputePool

router = APIRouter(route_class=StrictJsonRoute, tags=["models"])


MAX_VERSION = 10**9


class ModelsQuery(BaseModel):
    """A page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=1000, description="maximum models on a page")
    cursor: str = Field("", max_length=64, description="`next` of the page before")


class ModelNetworkQuery(NetworkQuery, VersionQuery):
    """The version of a model, and the form of its network."""


@router.get("/models", response_model=ModelsResponse, responses=error_responses(422, 503))
def list_models(query: Annotated[ModelsQuery, Query()], models: ModelsOf) -> Response:
    """Your models with their versions, by name."""
    found, after = models.page(query.limit, query.cursor.replace("\0", ""))
    return ArrayResponse(ModelsResponse([ModelResponse.of(model) for model in found], after))


@router.get(
    "/models/{name}",
    response_model=ModelResponse,
    responses=with_files({}, NETWORK_FORMATS) | error_responses(404, 406, 422, 503),
)
async def get_model(
    name: NamePath,
    query: Annotated[ModelNetworkQuery, Query()],
    models: ModelsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A model with its versions and aliases; by `format` or `Accept` its network as a file."""
    describe = as_json(lambda: ModelResponse.of(models.find(name)), FILE_OPERATIONS)
    forms = {**describe, **_files(models, name, query.version, query)}
    return await _answer(forms, query, accept, computation)


@router.get(
    "/models/{name}/versions/{version}",
    response_model=ModelVersionResponse,
    responses=with_files({}, NETWORK_FORMATS) | error_responses(404, 406, 422, 503),
)
async def get_version(
    name: NamePath,
    version: VersionPath,
    query: Annotated[NetworkQuery, Query()],
    models: ModelsOf,
    computation: ComputationOf,
    accept: Accept = None,
) -> Response:
    """A version by its number, `latest`, or an alias: its columns, classes and origin.

    By `format` or `Accept` its network as a file.
    """
    describe = as_json(
        lambda: ModelVersionResponse.of(models.version(name, version)), FILE_OPERATIONS
    )
    forms = {**describe, **_files(models, name, version, query)}
    return await _answer(forms, query, accept, computation)


def _files(models: ModelStore, name: str, version: str, query: NetworkQuery) -> Representations:
    """The network of a version in every file format."""

    def network() -> NeuralNetwork:
        return query.converted(models.network(models.version(name, version)))

    return as_files(NETWORK_FORMATS, network, name)


async def _answer(
    forms: Representations, query: NetworkQuery, accept: str | None, computation: ComputePool
) -> Response:
    chosen = forms[choose_form(query.format, accept, forms)]
    return await computation.run(chosen.write, chosen.operations)


@router.get(
    "/models/{name}/network",
    response_model=NetworkResponse,
    responses=with_files(NOT_MODIFIED, NETWORK_FORMATS) | error_responses(404, 406, 422, 503),
)
async def get_model_network(
    name: NamePath,
    query: Annotated[ModelNetworkQuery, Query()],
    models: ModelsOf,
    computation: ComputationOf,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The network of a version as `/forward` takes it, or as a file by `format` or `Accept`."""

    def answer() -> Response:
        version = models.version(name, query.version)
        forms = network_forms(lambda: query.converted(models.network(version)), version.name)
        form = choose_form(query.format, accept, forms)
        tag = etag(f"{version.model_id}-{version.version}", query.name(form))
        return conditional_response(tag, if_none_match, forms[form].write)

    return await computation.run(answer, FILE_OPERATIONS)


@router.delete(
    "/models/{name}", status_code=204, response_model=None, responses=error_responses(404, 503)
)
def delete_model(name: NamePath, models: ModelsOf) -> Response:
    """Delete a model with all its versions and aliases."""
    models.delete(name)
    return Response(status_code=204)


@router.delete(
    "/models/{name}/versions/{version}",
    status_code=204,
    response_model=None,
    responses=error_responses(404, 409, 422, 503),
)
def delete_version(
    name: NamePath,
    version: Annotated[int, Path(ge=1, le=MAX_VERSION, description="a number, not an alias")],
    models: ModelsOf,
) -> Response:
    """Delete a version to which no alias points; its number is not given out again."""
    models.delete_version(name, version)
    return Response(status_code=204)
