"""What every request model has in common, and choices out of the core's tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from core.datasets import DATASETS
from core.nn.activations import ACTIVATIONS, FORWARD_ONLY
from core.nn.losses import BY_HAND_ONLY, LOSSES, OUTPUT_ITSELF


class RequestModel(BaseModel):
    """A JSON object of a request: strict types, no unknown keys."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True
    )


@dataclass(frozen=True)
class TableChoice:
    """A name out of a table, which is the only list of these names."""

    names: tuple[str, ...]

    @staticmethod
    def of(table: Mapping[str, Any] | Iterable[str]) -> "TableChoice":
        """The keys of the table."""
        return TableChoice(tuple(table))

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Refuse other names, and list these."""
        return core_schema.literal_schema(list(self.names))


ActivationName = Annotated[str, TableChoice.of(ACTIVATIONS)]
LayerActivationName = Annotated[str, TableChoice.of([*ACTIVATIONS, *FORWARD_ONLY])]
LossName = Annotated[str, TableChoice.of(LOSSES)]
OutputLossName = Annotated[str, TableChoice.of([*LOSSES, OUTPUT_ITSELF.name])]
HandLossName = Annotated[str, TableChoice.of([*LOSSES, *BY_HAND_ONLY])]
DatasetName = Annotated[str, TableChoice.of(DATASETS)]


def _is_name(value: Any) -> str:
    return "(name)" if isinstance(value, str) else "(array)"


NameOrArray = Discriminator(_is_name)
"""Which of `Annotated[…, Tag("(name)")] | Annotated[…, Tag("(array)")]` is meant."""

PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
"""Texts that go into the database as they are, without control characters."""

Precision = Literal["float64", "float32"]
LARGEST_SEED = 2**53 - 1
Seed = Annotated[int, Field(ge=0, le=LARGEST_SEED)]
"""The integers that every JSON parser keeps."""
