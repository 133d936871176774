"""Which column of a table is probably the target, and which task predicts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.tables.column import Column
from core.tables.table import Table

Task = Literal["classification", "regression"]

TARGET_NAMES = (
    "target", "label", "class", "y", "outcome", "output", "result", "species", "diagnosis",
    "response", "survived", "quality", "price",
)  # fmt: skip
"""Names of targets in published tables, the surest first."""

MAX_INTEGER_CLASSES = 20
"""Maximum different values of a column of whole numbers that is taken for classes."""
MIN_ROWS_PER_CLASS = 5
"""Rows for each of them, on average: five different values in six rows are measurements."""


@dataclass(frozen=True)
class TargetGuess:
    """A column, its task, and the reason for the guess."""

    column: str
    task: Task
    reason: str


def guess_target(table: Table) -> TargetGuess | None:
    """Take a column by its name, else the last category or boolean, else the last column.

    None for a table with a single column.
    """
    if len(table.columns) < 2:
        return None
    place, reason = _place(table.columns)
    column = table.columns[place]
    return TargetGuess(column.name, task_of(column, table.values[:, place]), reason)


def task_of(column: Column, values: Float64[Array, " rows"]) -> Task:
    """Classify categories, booleans and few different whole numbers; regress other numbers."""
    if column.kind != "number":
        return "classification"
    present = values[~np.isnan(values)]
    if not (present == np.floor(present)).all():
        return "regression"
    classes = len(np.unique(present))
    few = classes <= MAX_INTEGER_CLASSES and classes * MIN_ROWS_PER_CLASS <= len(present)
    return "classification" if few or classes == 2 else "regression"


def _place(columns: Sequence[Column]) -> tuple[int, str]:
    names = [column.name.strip().lower() for column in columns]
    for name in TARGET_NAMES:
        if name in names:
            return names.index(name), f"its name is {name!r}"
    last = len(columns) - 1
    if columns[last].kind != "number":
        return last, f"the last column is a {columns[last].kind}"
    labels = [place for place, column in enumerate(columns) if column.kind == "category"]
    if len(labels) == 1:
        return labels[0], "it is the only category"
    return last, "it is the last column"
