"""Which column a table is about, and whether its numbers are classes."""

import numpy as np
import pytest

from core.tables.column import Column
from core.tables.target import MAX_INTEGER_CLASSES, MIN_ROWS_PER_CLASS, task_of

NUMBER = Column("y", "number")


def whole(classes, rows_of_each):
    return np.tile(np.arange(float(classes)), rows_of_each)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (whole(MAX_INTEGER_CLASSES, MIN_ROWS_PER_CLASS), "classification"),
        (whole(MAX_INTEGER_CLASSES + 1, MIN_ROWS_PER_CLASS), "regression"),
        (whole(5, MIN_ROWS_PER_CLASS - 1), "regression"),
        (whole(2, 1), "classification"),
        (whole(3, MIN_ROWS_PER_CLASS) + 0.5, "regression"),
        (np.append(whole(3, MIN_ROWS_PER_CLASS), np.nan), "classification"),
    ],
)
def test_few_whole_numbers_that_come_often_are_classes(values, task):
    assert task_of(NUMBER, values) == task


@pytest.mark.parametrize("kind", ["category", "boolean"])
def test_what_is_no_number_is_a_class(kind):
    assert task_of(Column("y", kind), whole(3, 1)) == "classification"
