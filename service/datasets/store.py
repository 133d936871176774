"""Data sets in the database: a description, and the rows in blocks."""

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import isfinite

import numpy as np
from sqlalchemy import ColumnElement, Row, Select, and_, delete, insert, or_, select, update

from core.tables.column import Column
from core.tables.table import Table
from service.datasets.errors import StoredDatasetNotFound
from service.jobs.errors import InvalidCursor
from service.jobs.job import new_job_id
from service.jobs.storage.schema import dataset_blocks, datasets
from service.jobs.storage.store import Store

_STORED = np.dtype("<f8")
BLOCK_NUMBERS = 2**19
"""Numbers of a block: four megabytes, which a page of rows is cut from quickly."""


@dataclass(frozen=True)
class StoredDataset:
    """A data set without its rows; `summary` is JSON as `DatasetSummary` writes it."""

    id: str
    name: str
    created_at: datetime
    digest: str
    rows: int
    summary: str


@dataclass(frozen=True)
class DatasetPage:
    """Data sets, the newest first, and the cursor of the page after this one."""

    datasets: tuple[StoredDataset, ...]
    next: str | None


class DatasetStore:
    """The data sets of one caller in the database of the jobs; None sees those of all."""

    def __init__(self, store: Store, caller: str | None = None) -> None:
        self._store = store
        self._database = store.database
        self._caller = caller

    def add(self, table: Table, name: str, digest: str, summary: str) -> StoredDataset:
        """Store a table; raises `OSError` where the disk is nearly full."""
        self._store.files.require_room()
        dataset_id, now = new_job_id(), self._store.clock()
        columns = json.dumps([asdict(column) for column in table.columns]).encode()
        row = {
            "id": dataset_id,
            "caller": self._caller or "",
            "name": name,
            "created_at": now,
            "used_at": now,
            "digest": digest,
            "rows": len(table),
            "columns": zlib.compress(columns, 1),
            "summary": summary,
        }
        with self._database.write() as connection:
            connection.execute(insert(datasets).values(row))
            for block in _blocks(table):
                connection.execute(insert(dataset_blocks).values(dataset_id=dataset_id, **block))
        return StoredDataset(
            dataset_id, name, datetime.fromtimestamp(now, UTC), digest, len(table), summary
        )

    def find(self, dataset_id: str) -> StoredDataset:
        """Raise `StoredDatasetNotFound` unless the caller has such a data set."""
        with self._database.read() as connection:
            row = connection.execute(_described().where(self._this(dataset_id))).one_or_none()
        if row is None:
            raise StoredDatasetNotFound(dataset_id)
        return _dataset(row)

    def page(self, limit: int, cursor: str | None = None) -> DatasetPage:
        """Give at most `limit` data sets, the newest first; raise `InvalidCursor`."""
        order = (datasets.c.created_at.desc(), datasets.c.id.desc())
        wanted = _described().order_by(*order).limit(limit + 1)
        if self._caller is not None:
            wanted = wanted.where(datasets.c.caller == self._caller)
        if cursor is not None:
            created_at, last = _decode(cursor)
            older = datasets.c.created_at < created_at
            beside = and_(datasets.c.created_at == created_at, datasets.c.id < last)
            wanted = wanted.where(or_(older, beside))
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        more = _encode(rows[limit - 1]) if len(rows) > limit else None
        return DatasetPage(tuple(_dataset(row) for row in rows[:limit]), more)

    def table(self, dataset_id: str, start: int = 0, stop: int | None = None) -> Table:
        """Give the rows from `start` up to `stop`, all by default.

        Raises `StoredDatasetNotFound`.
        """
        wanted = select(dataset_blocks.c.start, dataset_blocks.c.content).where(
            dataset_blocks.c.dataset_id == dataset_id, dataset_blocks.c.stop > start
        )
        if stop is not None:
            wanted = wanted.where(dataset_blocks.c.start < stop)
        described = select(datasets.c.columns, datasets.c.rows).where(self._this(dataset_id))
        with self._database.read() as connection:
            row = connection.execute(described).one_or_none()
            if row is None:
                raise StoredDatasetNotFound(dataset_id)
            columns = _columns(row.columns)
            stop = row.rows if stop is None else min(stop, row.rows)
            start = min(start, stop)
            values = np.empty((stop - start, len(columns)))
            for block in connection.execute(wanted):
                _copy(block.start, block.content, values, start)
        return Table(columns, values)

    def touch(self, dataset_id: str) -> None:
        """Note that the data set is in use: it is kept for its time from now on."""
        with self._database.write() as connection:
            connection.execute(
                update(datasets).where(self._this(dataset_id)).values(used_at=self._store.clock())
            )

    def delete(self, dataset_id: str) -> None:
        """Delete the data set; jobs keep the rows they were trained on.

        Raises `StoredDatasetNotFound`.
        """
        with self._database.write() as connection:
            if connection.execute(delete(datasets).where(self._this(dataset_id))).rowcount == 0:
                raise StoredDatasetNotFound(dataset_id)

    def _this(self, dataset_id: str) -> ColumnElement[bool]:
        same = datasets.c.id == dataset_id
        return same if self._caller is None else and_(same, datasets.c.caller == self._caller)


def _described() -> Select[str, str, float, str, int, str]:
    columns = datasets.c
    return select(
        columns.id,
        columns.name,
        columns.created_at,
        columns.digest,
        columns.rows,
        columns.summary,
    )


def _dataset(row: Row[str, str, float, str, int, str]) -> StoredDataset:
    created_at = datetime.fromtimestamp(row.created_at, UTC)
    return StoredDataset(row.id, row.name, created_at, row.digest, row.rows, row.summary)


def _blocks(table: Table) -> Iterator[dict[str, object]]:
    step = max(1, BLOCK_NUMBERS // len(table.columns))
    for start in range(0, len(table), step):
        values = table.values[start : start + step]
        content = np.ascontiguousarray(values.T, _STORED).tobytes()
        yield {"start": start, "stop": start + len(values), "content": content}


def _copy(first: int, content: bytes, values: np.ndarray, start: int) -> None:
    """Copy the wanted rows of a block that begins with row `first`."""
    block = np.frombuffer(content, _STORED).reshape(values.shape[1], -1).T
    begin, end = max(first, start), min(first + len(block), start + len(values))
    values[begin - start : end - start] = block[begin - first : end - first]


def _columns(content: bytes) -> tuple[Column, ...]:
    found: Sequence[dict[str, object]] = json.loads(zlib.decompress(content))
    return tuple(
        Column(**{**column, "categories": tuple(column["categories"])})  # type: ignore[arg-type]
        for column in found
    )


def _encode(row: Row[str, str, float, str, int, str]) -> str:
    text = f"{row.created_at.hex()} {row.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[float, str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        seconds, _, dataset_id = text.partition(" ")
        created_at = float.fromhex(seconds)
    except (ValueError, OverflowError) as error:
        raise InvalidCursor(cursor) from error
    if not isfinite(created_at) or not dataset_id.isalnum():
        raise InvalidCursor(cursor)
    return created_at, dataset_id
