"""PUT and DELETE /models/{name}/aliases/{alias}."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AfterValidator

from service.dependencies import ModelsOf
from service.endpoints.models.paths import NamePath
from service.http.json_route import StrictJsonRoute
from service.openapi.responses import error_responses
from service.schemas.models.request import ALIAS, AliasRequest, not_reserved
from service.schemas.models.response import ModelResponse
from service.serialization.json_writer import ArrayResponse

router = APIRouter(route_class=StrictJsonRoute, tags=["models"])

AliasPath = Annotated[
    str,
    Path(
        alias="alias",
        pattern=ALIAS,
        description="a letter, then letters, digits and . _ -; `latest` is the newest version",
    ),
    AfterValidator(not_reserved),
]


@router.put(
    "/models/{name}/aliases/{alias}",
    response_model=ModelResponse,
    responses=error_responses(404, 413, 415, 422, 503),
)
def put_alias(
    name: NamePath, alias: AliasPath, question: AliasRequest, models: ModelsOf
) -> Response:
    """Let an alias point at a version, from one moment to the next.

    Every prediction by the alias is made with the old version or with the new one.
    """
    models.point(name, alias, question.version)
    return ArrayResponse(ModelResponse.of(models.find(name)))


@router.delete(
    "/models/{name}/aliases/{alias}",
    status_code=204,
    response_model=None,
    responses=error_responses(404, 422, 503),
)
def delete_alias(name: NamePath, alias: AliasPath, models: ModelsOf) -> Response:
    """Delete an alias; its version stays."""
    models.delete_alias(name, alias)
    return Response(status_code=204)
