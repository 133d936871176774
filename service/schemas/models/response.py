"""Models and their versions as clients see them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from core.tables.column import Kind, Label
from core.tables.target import Task
from service.models.model import Model, ModelVersion, Source
from service.schemas.training.job import MetricsResponse


@dataclass(frozen=True)
class InputColumnResponse:
    """A column of the rows to predict; a missing number becomes `fill`, null refuses it."""

    name: str
    kind: Kind
    categories: list[str]
    fill: float | None


@dataclass(frozen=True)
class OutputColumnsResponse:
    """What is predicted."""

    names: list[str]
    task: Task
    classes: list[Label]


@dataclass(frozen=True)
class ModelVersionResponse:
    """One immutable version; the digests are SHA-256 of the data and the specification of the job.

    `loss` and `metrics` are those of the job at its end, null for a network that was given.
    """

    name: str
    version: int
    created_at: datetime
    source: Source
    job: str | None
    loss: float | None
    metrics: MetricsResponse | None
    data_digest: str | None
    request_digest: str | None
    sizes: list[int]
    activations: list[str]
    precision: str
    inputs: list[InputColumnResponse]
    output: OutputColumnsResponse

    @staticmethod
    def of(version: ModelVersion) -> "ModelVersionResponse":
        """Pack a version."""
        origin, output = version.origin, version.schema.output
        return ModelVersionResponse(
            name=version.name,
            version=version.version,
            created_at=version.created_at,
            source=origin.source,
            job=origin.job,
            loss=origin.loss,
            metrics=None if origin.metrics is None else MetricsResponse.of(origin.metrics),
            data_digest=origin.data_digest,
            request_digest=origin.request_digest,
            sizes=list(version.sizes),
            activations=list(version.activations),
            precision=version.precision,
            inputs=[
                InputColumnResponse(**{**asdict(column), "categories": list(column.categories)})
                for column in version.schema.inputs
            ],
            output=OutputColumnsResponse(list(output.names), output.task, list(output.classes)),
        )


@dataclass(frozen=True)
class ModelResponse:
    """A model: its versions in order, and its aliases; `latest` is the newest version."""

    name: str
    created_at: datetime
    latest: int | None
    aliases: Mapping[str, int]
    versions: list[ModelVersionResponse]

    @staticmethod
    def of(model: Model) -> "ModelResponse":
        """Pack a model."""
        return ModelResponse(
            name=model.name,
            created_at=model.created_at,
            latest=model.latest,
            aliases=model.aliases,
            versions=[ModelVersionResponse.of(version) for version in model.versions],
        )


@dataclass(frozen=True)
class ModelsResponse:
    """A page of models by name; `next` is the cursor of the next page."""

    models: list[ModelResponse]
    next: str | None
