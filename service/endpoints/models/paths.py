"""Names and versions of models in addresses."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.models.errors import ModelNotFound
from service.models.model import LATEST
from service.schemas.models.request import NAME_PATTERN


def well_formed(name: str) -> str:
    """The name; raises `ModelNotFound` for what cannot be one, and so is not searched for."""
    if not NAME_PATTERN.fullmatch(name):
        raise ModelNotFound(name[:64])
    return name


NamePath = Annotated[
    str,
    Path(
        alias="name",
        description="as POST /models gave it",
        openapi_examples={"xor": {"value": "xor"}},
    ),
    AfterValidator(well_formed),
]
VersionName = Annotated[str, AfterValidator(well_formed)]
VersionPath = Annotated[
    VersionName, Path(alias="version", description="a number, `latest`, or an alias")
]


class VersionQuery(BaseModel):
    """Which version of a model is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: VersionName = Field(LATEST, description="a number, `latest`, or an alias")
