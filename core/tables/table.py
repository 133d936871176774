"""A table: columns of different kinds over rows of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import UnknownName
from core.tables.column import Column, Label


@dataclass(frozen=True, eq=False)
class Table:
    """Rows are samples; `values` has a column of numbers for each of `columns`."""

    columns: tuple[Column, ...]
    values: Float64[Array, "rows columns"]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(column.name for column in self.columns)

    def index(self, name: str) -> int:
        """Find a column by its name; raises `UnknownName` with the names that exist."""
        if name not in self.names:
            raise UnknownName(f"there is no column {name!r}; there are {_listed(self.names)}")
        return self.names.index(name)

    def select(self, names: Sequence[str]) -> "Table":
        """Give the table of those columns, in that order; raises `UnknownName`."""
        places = [self.index(name) for name in names]
        return Table(tuple(self.columns[place] for place in places), self.values[:, places])

    def rows(self, start: int, stop: int) -> "Table":
        """Give the rows from `start` up to, not including, `stop`."""
        return Table(self.columns, self.values[start:stop])

    def labels(self) -> list[list[Label | None]]:
        """Give every row as it stood in the file, missing values as None."""
        columns = [
            _labels(column, values)
            for column, values in zip(self.columns, self.values.T, strict=True)
        ]
        return [list(row) for row in zip(*columns, strict=True)]


MAX_LISTED = 20


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more


def _labels(column: Column, values: Float64[Array, " rows"]) -> list[Label | None]:
    return [column.label(value) for value in np.asarray(values).tolist()]
