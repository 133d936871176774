"""A model with its versions and aliases, as stored."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from core.neural_network import NeuralNetwork
from core.tables.schema import InputColumn, OutputColumns, TableSchema

Source = Literal["job", "network", "file"]
LATEST = "latest"
"""The alias that every model has: its newest version."""


@dataclass(frozen=True)
class Origin:
    """Where the network of a version comes from.

    The digests are SHA-256 of the data of the job and of its specification; None for a network that
    was given.
    """

    source: Source
    job: str | None = None
    loss: float | None = None
    metrics: Mapping[str, float | None] | None = None
    data_digest: str | None = None
    request_digest: str | None = None


@dataclass(frozen=True)
class ModelVersion:
    """One immutable version, without the parameters of its network."""

    model_id: str
    name: str
    version: int
    created_at: datetime
    origin: Origin
    schema: TableSchema
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    precision: str


@dataclass(frozen=True)
class Model:
    """A model: its versions in order, and the version of each alias."""

    name: str
    created_at: datetime
    versions: tuple[ModelVersion, ...]
    aliases: Mapping[str, int]

    @property
    def latest(self) -> int | None:
        """The newest version; None for a model whose versions were all deleted."""
        return self.versions[-1].version if self.versions else None


def describe(network: NeuralNetwork, schema: TableSchema, origin: Origin) -> str:
    """The JSON that is stored of a version beside its network."""
    return json.dumps(
        {
            "origin": asdict(origin),
            "schema": schema.to_document(),
            "sizes": network.sizes,
            "activations": [layer.activation.name for layer in network.layers],
            "precision": network.layers[0].weights.dtype.name,
        },
        allow_nan=False,
    )


def from_description(
    model_id: str, name: str, version: int, created_at: datetime, text: str
) -> ModelVersion:
    """The version of such JSON."""
    document: dict[str, Any] = json.loads(text)
    return ModelVersion(
        model_id,
        name,
        version,
        created_at,
        Origin(**document["origin"]),
        TableSchema.from_document(document["schema"]),
        tuple(document["sizes"]),
        tuple(document["activations"]),
        document["precision"],
    )


def plain_schema(sizes: tuple[int, ...]) -> TableSchema:
    """Columns x1, x2, … and y1, y2, …, for a network of which nothing else is known."""
    return TableSchema(
        tuple(InputColumn(f"x{number}") for number in range(1, sizes[0] + 1)),
        OutputColumns(tuple(f"y{number}" for number in range(1, sizes[-1] + 1))),
    )


def has_same_columns(one: TableSchema, other: TableSchema) -> bool:
    """Whether the same rows can be sent to both, with answers of the same form."""

    def names(schema: TableSchema) -> list[tuple[str, str]]:
        return [(column.name, column.kind) for column in schema.inputs]

    return names(one) == names(other) and one.output == other.output
