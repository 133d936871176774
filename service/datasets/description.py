"""Description of a data set: its columns, the probable target, warnings, the first rows."""

from dataclasses import dataclass

import numpy as np

from core.tables.advice import table_warnings
from core.tables.column import Column, Kind, Label
from core.tables.statistics import column_statistics
from core.tables.table import Table
from core.tables.target import Task, guess_target
from service.datasets.readers.csv_reader import ReadTable

MAX_LISTED_CATEGORIES = 100
FIRST_ROWS = 5


@dataclass(frozen=True)
class Histogram:
    """Numbers of values in equally wide bins; `edges` has an entry more than `counts`."""

    edges: list[float]
    counts: list[int]


@dataclass(frozen=True)
class Category:
    """A text of a category column, or true or false, and the number of rows that have it."""

    value: Label
    count: int


@dataclass(frozen=True)
class ColumnDescription:
    """A column; what belongs to another kind is null.

    `range` is the least and the largest number. `categories` are at most 100, the most frequent
    first; `distinct` counts all.
    """

    name: str
    kind: Kind
    missing: int
    distinct: int
    range: tuple[float, float] | None
    mean: float | None
    histogram: Histogram | None
    categories: list[Category] | None


@dataclass(frozen=True)
class Target:
    """The column that is probably the target, the task that predicts it, and why."""

    column: str
    task: Task
    reason: str


@dataclass(frozen=True)
class CsvDialect:
    """How a CSV file was read."""

    delimiter: str
    decimal: str
    header: bool


@dataclass(frozen=True)
class DatasetSummary:
    """What is stored with the rows; `dialect` is null unless the file was a CSV."""

    columns: list[ColumnDescription]
    target: Target | None
    warnings: list[str]
    dialect: CsvDialect | None
    first_rows: list[list[Label | None]]


def summarize(read: ReadTable) -> DatasetSummary:
    """Describe a table as it was read."""
    table, dialect = read.table, read.dialect
    guess = guess_target(table)
    return DatasetSummary(
        columns=[
            _described(column, values)
            for column, values in zip(table.columns, table.values.T, strict=True)
        ],
        target=None if guess is None else Target(guess.column, guess.task, guess.reason),
        warnings=[*read.warnings, *table_warnings(table, guess)],
        dialect=None
        if dialect is None
        else CsvDialect(dialect.delimiter or ",", dialect.decimal or ".", bool(dialect.header)),
        first_rows=first_rows(table, 0, FIRST_ROWS),
    )


def first_rows(table: Table, start: int, stop: int) -> list[list[Label | None]]:
    """Rows as they stood in the file."""
    return table.rows(start, stop).labels()


def _described(column: Column, values: np.ndarray) -> ColumnDescription:
    seen = column_statistics(column, values)
    has_range = seen.least is not None and seen.largest is not None
    return ColumnDescription(
        name=column.name,
        kind=column.kind,
        missing=seen.missing,
        distinct=seen.distinct,
        range=(seen.least, seen.largest) if has_range else None,  # type: ignore[arg-type]
        mean=seen.mean,
        histogram=Histogram(seen.edges.tolist(), seen.counts.tolist()) if has_range else None,
        categories=None if column.kind == "number" else _categories(column, seen.counts),
    )


def _categories(column: Column, counts: np.ndarray) -> list[Category]:
    """The most frequent first; of equals in the order of the categories."""
    order = np.argsort(-counts, kind="stable")[:MAX_LISTED_CATEGORIES]
    labels = [(column.label(float(place)), int(counts[place])) for place in order if counts[place]]
    return [Category(label, count) for label, count in labels if label is not None]
