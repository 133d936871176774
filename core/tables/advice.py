"""What is odd about a table as data to train on: sentences for its owner."""

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.tables.column import text_of
from core.tables.table import Table
from core.tables.target import TargetGuess

MAX_CATEGORIES = 256
"""Categories of a column that become indicators; more are taken for names or texts."""
MIN_ROWS = 20
"""Below, a column may give the target away by chance."""
REVEALING_CORRELATION = 1.0 - 1e-9


def is_identifier(table: Table, place: int) -> bool:
    """Whether a column names its rows: too many categories, or nearly one for each row."""
    column = table.columns[place]
    categories = len(column.categories)
    return categories > MAX_CATEGORIES or (categories > MIN_ROWS and 2 * categories > len(table))


def table_warnings(table: Table, target: TargetGuess | None) -> list[str]:
    """Constant columns, columns of names, classes with one row, columns that reveal the target."""
    found = []
    goal = None if target is None else table.index(target.column)
    for place, column in enumerate(table.columns):
        values = table.values[:, place]
        present = values[~np.isnan(values)]
        if not len(present):
            found.append(f"column {column.name!r} has no values")
        elif (present == present[0]).all():
            label = text_of(column.label(float(present[0])))
            found.append(f"column {column.name!r} is constant: every value is {label[:40]}")
        elif is_identifier(table, place) and place != goal:
            found.append(
                f"column {column.name!r} has {len(column.categories):,} different texts: "
                "it is left out unless it is named as a feature"
            )
        elif target is not None and goal is not None and place != goal:
            found += _reveals_target(table, place, goal, target)
    if target is not None and goal is not None and target.task == "classification":
        found += _rare_classes(table, goal)
    return found


def _rare_classes(table: Table, goal: int) -> list[str]:
    column, values = table.columns[goal], table.values[:, goal]
    classes, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    return [
        f"class {text_of(column.label(float(label)))[:40]!r} of {column.name!r} has a single row"
        for label in classes[counts == 1]
    ]


def _reveals_target(table: Table, place: int, goal: int, target: TargetGuess) -> list[str]:
    x, y = table.values[:, place], table.values[:, goal]
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < MIN_ROWS:
        return []
    if target.task == "regression":
        reveals = table.columns[place].kind == "number" and _is_linear(x, y)
    else:
        reveals = _has_one_class_per_value(x, y, table.columns[place].kind == "number")
    if not reveals:
        return []
    return [
        f"column {table.columns[place].name!r} alone gives {target.column!r} away: "
        "is it known before the target is?"
    ]


def _is_linear(x: Float64[Array, " n"], y: Float64[Array, " n"]) -> bool:
    x, y = x - x.mean(), y - y.mean()
    lengths = float(np.linalg.norm(x)) * float(np.linalg.norm(y))
    return bool(0 < lengths < np.inf and abs(x @ y) >= REVEALING_CORRELATION * lengths)


def _has_one_class_per_value(
    x: Float64[Array, " n"], y: Float64[Array, " n"], is_number: bool
) -> bool:
    """Whether each value, or of numbers each of as many intervals as classes, has one class."""
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    changes = y[1:] != y[:-1]
    if (changes & (x[1:] == x[:-1])).any():
        return False
    values, classes = len(np.unique(x)), len(np.unique(y))
    if is_number and values > classes:
        return int(np.count_nonzero(changes)) == classes - 1
    return 2 * values <= len(x)
