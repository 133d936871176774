"""POST /datasets and what is stored of it: the description, the list, the rows."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.datasets import DATASETS
from core.tables.column import Label
from service.datasets.description import DatasetSummary, Target
from service.datasets.readers.dialect import Dialect
from service.datasets.store import DatasetPage, StoredDataset
from service.schemas.datasets import DatasetResponse
from service.schemas.request_model import PRINTABLE

Start = Annotated[int, Field(ge=0, le=2**53, description="the first row, from 0")]


class UploadQuery(BaseModel):
    """How the file is called, and of a CSV how it is written; what is left out is found out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("", max_length=200, pattern=PRINTABLE, description="name of the data set")
    delimiter: Literal["comma", "semicolon", "tab", "pipe"] | None = Field(
        None, description="the delimiter between two fields"
    )
    decimal: Literal["point", "comma"] | None = Field(None, description="the decimal mark")
    header: bool | None = Field(None, description="whether the first line has the names")

    @property
    def dialect(self) -> Dialect:
        """The same as the reader takes it."""
        delimiter = None if self.delimiter is None else _DELIMITERS[self.delimiter]
        decimal = None if self.decimal is None else _DECIMALS[self.decimal]
        return Dialect(delimiter, decimal, self.header)


_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_DECIMALS = {"point": ".", "comma": ","}


class DatasetsQuery(BaseModel):
    """Which page of the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=1000, description="maximum data sets on a page")
    cursor: str | None = Field(None, description="`next` of the page before", max_length=200)


class RowsQuery(BaseModel):
    """Which rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: Start = 0
    limit: int = Field(100, ge=1, le=1_000_000, description="maximum rows on a page")


@dataclass(frozen=True)
class StoredDatasetResponse(DatasetSummary):
    """A data set: its columns, the target it probably has, warnings, and its first rows.

    `digest` is the SHA-256 of the file as it was sent.
    """

    id: str
    name: str
    rows: int
    digest: str
    created_at: datetime


def stored_dataset(dataset: StoredDataset) -> dict[str, Any]:
    """The content of a `StoredDatasetResponse`."""
    fields = {name: getattr(dataset, name) for name in ("id", "name", "rows", "digest")}
    return fields | {"created_at": dataset.created_at} | json.loads(dataset.summary)


@dataclass(frozen=True)
class ListedDataset:
    """A data set of yours in the list."""

    id: str
    name: str
    rows: int
    columns: list[str]
    target: Target | None
    digest: str
    created_at: datetime


@dataclass(frozen=True)
class DatasetsResponse:
    """The toy sets, and a page of your own, the newest first; `next` is the cursor, or null."""

    datasets: list[DatasetResponse]
    stored: list[ListedDataset]
    next: str | None

    @staticmethod
    def of(page: DatasetPage) -> "DatasetsResponse":
        """The toy sets in the order of the core's table, and a page of stored data sets."""
        return DatasetsResponse(
            [DatasetResponse.of(toy) for toy in DATASETS.values()],
            [_listed(dataset) for dataset in page.datasets],
            page.next,
        )


def _listed(dataset: StoredDataset) -> ListedDataset:
    summary = json.loads(dataset.summary)
    return ListedDataset(
        id=dataset.id,
        name=dataset.name,
        rows=dataset.rows,
        columns=[column["name"] for column in summary["columns"]],
        target=summary["target"],
        digest=dataset.digest,
        created_at=dataset.created_at,
    )


@dataclass(frozen=True)
class RowsResponse:
    """Rows as they stood in the file, missing values null; `next` is the next start, or null."""

    columns: list[str]
    start: int
    rows: list[list[Label | None]]
    next: int | None
