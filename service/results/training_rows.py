"""The rows of a training: x, y, and the part of the split that each belongs to."""

import csv
import io
import json
from dataclasses import dataclass

import numpy as np

from core.tables.column import as_number
from core.tables.schema import TableSchema
from core.training.config import TrainingConfig
from service.jobs.job_spec import parse_job_spec
from service.jobs.restarts.plan import RestartPlan
from service.jobs.storage.store import Store
from service.schemas.arrays import Matrix, Vector

PARTS = ("training", "validation", "test")


@dataclass(frozen=True)
class TrainingRows:
    """A page of rows; `weights` are null without, `next` is the next start, or null."""

    x_names: list[str]
    y_names: list[str]
    start: int
    x: Matrix
    y: Matrix
    weights: Vector | None
    part: list[str]
    next: int | None

    def to_csv(self) -> bytes:
        """A header, then x, y, the weight if there is one, and the part of each row."""
        file = io.StringIO()
        writer = csv.writer(file)
        weighted = [] if self.weights is None else [self.weights[:, None]]
        writer.writerow([*self.x_names, *self.y_names, *(["weight"] * len(weighted)), "part"])
        rows = np.hstack([self.x, self.y, *weighted]).tolist()
        for row, part in zip(rows, self.part, strict=True):
            writer.writerow([*map(as_number, row), part])
        return file.getvalue().encode()


def training_rows(store: Store, job_id: str, start: int, stop: int) -> TrainingRows:
    """The rows from `start` up to `stop`, as they are before they are scaled."""
    config, schema = training_config(store, job_id), table_schema(store, job_id)
    rows = store.data(job_id)
    parts = np.empty(len(rows), np.intp)
    split = config.parts(len(rows))
    for number, places in enumerate((split.training, split.validation, split.test)):
        parts[places] = number
    inputs, outputs = config.sizes[0], config.sizes[-1]
    page = rows[start:stop]
    return TrainingRows(
        x_names=list(schema.input_names) if schema else _numbered("x", inputs),
        y_names=list(schema.output_names) if schema else _numbered("y", outputs),
        start=start,
        x=np.ascontiguousarray(page[:, :inputs]),
        y=np.ascontiguousarray(page[:, inputs : inputs + outputs]),
        weights=np.ascontiguousarray(page[:, -1]) if config.is_weighted else None,
        part=[PARTS[number] for number in parts[start:stop].tolist()],
        next=stop if stop < len(rows) else None,
    )


def training_config(store: Store, job_id: str) -> TrainingConfig:
    """How the job trains, of restarts how each does; raises `JobNotFound`."""
    spec = parse_job_spec(store.specification(job_id))
    if isinstance(spec, RestartPlan):
        return spec.specification
    if not isinstance(spec, TrainingConfig):
        raise TypeError("an approximation has no rows")
    return spec


def table_schema(store: Store, job_id: str) -> TableSchema | None:
    """The columns and classes of the job's data; None where it has numbers alone."""
    description = json.loads(store.specification(job_id)).get("description") or {}
    document = description.get("schema")
    return None if document is None else TableSchema.from_document(document)


def _numbered(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(1, count + 1)]
