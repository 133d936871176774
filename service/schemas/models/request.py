"""POST /models: a network of a job, of the request, or of a file."""

import re
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.errors import ShapeMismatch, counted
from core.export.network.formats import NETWORK_READERS
from core.tables.column import Label
from core.tables.schema import InputColumn, OutputColumns, TableSchema
from service.models.model import LATEST, plain_schema
from service.schemas.network import NetworkSchema
from service.schemas.request_model import RequestModel, TableChoice

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
NAME_PATTERN = re.compile(NAME)
ALIAS = r"^[A-Za-z][A-Za-z0-9._-]{0,63}$"
MAX_COLUMNS = 10_000
ModelName = Annotated[
    str,
    Field(pattern=NAME, description="letters, digits and . _ -; the first is a letter or digit"),
]
ColumnName = Annotated[str, Field(min_length=1, max_length=200)]


class ModelColumns(BaseModel):
    """Column names and classes for a network without them."""

    columns: list[ColumnName] | None = Field(
        None, min_length=1, max_length=MAX_COLUMNS, description="a name for each input; x1, x2, …"
    )
    target: ColumnName | None = Field(None, description="the name of what is predicted")
    classes: list[Label] | None = Field(
        None,
        min_length=2,
        max_length=MAX_COLUMNS,
        description="labels of the outputs, two for a single output; null: a regression",
    )

    def table_schema(self, sizes: tuple[int, ...]) -> TableSchema:
        """The schema for a network of these sizes; raises `ShapeMismatch`."""
        plain = plain_schema(sizes)
        inputs, output = plain.inputs, plain.output
        if self.columns is not None:
            if len(self.columns) != sizes[0]:
                raise ShapeMismatch(
                    f"got {counted(len(self.columns), 'column')}, "
                    f"but the network has {counted(sizes[0], 'input')}",
                    ("columns",),
                )
            if len(set(self.columns)) != len(self.columns):
                raise ShapeMismatch("two of the columns have the same name", ("columns",))
            inputs = tuple(InputColumn(name) for name in self.columns)
        if self.classes is not None:
            output = OutputColumns((self.target or "class",), "classification", tuple(self.classes))
            if output.width != sizes[-1]:
                raise ShapeMismatch(
                    f"got {counted(len(self.classes), 'class', 'classes')}, but the network has "
                    f"{counted(sizes[-1], 'output')}; a single output needs two classes",
                    ("classes",),
                )
        elif self.target is not None:
            if sizes[-1] != 1:
                raise ShapeMismatch(
                    f"got 1 target, but the network has {sizes[-1]} outputs", ("target",)
                )
            output = OutputColumns((self.target,))
        return TableSchema(inputs, output)


class ModelRequest(ModelColumns, RequestModel):
    """A name, and a finished job or a network."""

    name: ModelName
    job: str | None = Field(
        None, pattern="^[0-9a-f]{32}$", description="the id of a finished job, whose network it is"
    )
    network: NetworkSchema | None = Field(None, description="as `/forward` takes it")

    @model_validator(mode="after")
    def _one_source(self) -> "ModelRequest":
        if (self.job is None) == (self.network is None):
            raise PydanticCustomError("one_source", "give either job or network")
        return self


class ImportQuery(BaseModel):
    """In the address of a file: what JSON would say in the body."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ModelName | None = Field(None, description="of the model, for a file")
    format: Annotated[str, TableChoice.of(NETWORK_READERS)] | None = Field(
        None, description="of a file that is sent as application/octet-stream"
    )
    columns: str | None = Field(
        None, max_length=100_000, description="names of the inputs, with commas between"
    )
    target: str | None = Field(
        None, min_length=1, max_length=200, description="the name of what is predicted"
    )
    classes: str | None = Field(
        None, max_length=100_000, description="labels of the outputs, with commas between"
    )

    @property
    def required_name(self) -> str:
        """The name; raises `RequestValidationError` where there is none."""
        if self.name is None:
            missing = {"type": "missing", "loc": ("query", "name"), "msg": "Field required"}
            raise RequestValidationError([missing])
        return self.name

    def described(self) -> ModelColumns:
        """The columns; raises `ValidationError`."""
        parts: dict[str, Any] = {
            key: None if text is None else [part.strip() for part in text.split(",")]
            for key, text in (("columns", self.columns), ("classes", self.classes))
        }
        return ModelColumns(**parts, target=self.target)


def not_reserved(alias: str) -> str:
    """The alias; raises `PydanticCustomError` for the one that every model has."""
    if alias == LATEST:
        raise PydanticCustomError("reserved", f"{LATEST} is always the newest version")
    return alias


class AliasRequest(RequestModel):
    """Where an alias points."""

    version: int = Field(ge=1, le=10**9, examples=[1])
