"""Warnings about a table: constant columns, names, single rows, and what gives the target."""

import numpy as np
import pytest

from core.tables.advice import MAX_CATEGORIES, MIN_ROWS, is_identifier, table_warnings
from core.tables.column import Column
from core.tables.table import Table
from core.tables.target import TargetGuess

ROWS = 40
NOISE = np.random.default_rng(3).normal(size=ROWS)
CLASSES = np.arange(ROWS) % 2.0


def table(values, *columns):
    return Table(columns, np.column_stack(values))


def number(name):
    return Column(name, "number")


def category(name, count):
    return Column(name, "category", tuple(f"c{i:04}" for i in range(count)))


PRICE = TargetGuess("price", "regression", "")
KIND = TargetGuess("kind", "classification", "")


def warned(values, columns, target):
    return table_warnings(table(values, *columns), target)


def test_a_column_without_values_and_one_with_a_single_value_are_named():
    found = warned(
        [np.full(ROWS, np.nan), np.full(ROWS, 2.5), NOISE],
        [number("empty"), number("flat"), number("price")],
        None,
    )
    assert found == [
        "column 'empty' has no values",
        "column 'flat' is constant: every value is 2.5",
    ]


@pytest.mark.parametrize(
    ("rows", "categories", "expected"),
    [
        (ROWS, MIN_ROWS, False),
        (ROWS, MIN_ROWS + 1, True),  # more than half as many as rows
        (2 * (MIN_ROWS + 1), MIN_ROWS + 1, False),
        (10_000, MAX_CATEGORIES, False),
        (10_000, MAX_CATEGORIES + 1, True),
    ],
)
def test_nearly_one_text_for_each_row_is_a_name(rows, categories, expected):
    values = np.arange(rows) % float(categories)
    columns = category("who", categories), number("price")
    named = table([values, np.arange(float(rows)) ** 2], *columns)
    assert is_identifier(named, 0) is expected
    is_named = f"column 'who' has {categories:,} different texts" in " ".join(
        table_warnings(named, PRICE)
    )
    assert is_named is expected
    as_target = table_warnings(named, TargetGuess("who", "classification", ""))
    assert not [one for one in as_target if "different texts" in one]


def test_a_class_with_a_single_row_is_named():
    labels = CLASSES.copy()
    labels[7] = 2.0
    columns = number("x"), category("kind", 3)
    assert warned([NOISE, labels], columns, KIND) == ["class 'c0002' of 'kind' has a single row"]
    assert warned([NOISE, CLASSES], columns, KIND) == []


def revealing(name):
    return f"column {name!r} alone gives"


@pytest.mark.parametrize(
    ("x", "rows", "reveals"),
    [
        (3.0 - 2.0 * NOISE, ROWS, True),
        (NOISE + 1e-3 * np.arange(ROWS), ROWS, False),
        (NOISE**3, ROWS, False),
        (2.0 * NOISE, MIN_ROWS, True),
        (2.0 * NOISE, MIN_ROWS - 1, False),
    ],
)
def test_a_straight_line_gives_a_number_away(x, rows, reveals):
    found = warned([x[:rows], NOISE[:rows]], [number("copy"), number("price")], PRICE)
    assert (
        found == [revealing("copy") + " 'price' away: is it known before the target is?"] * reveals
    )


@pytest.mark.parametrize(
    ("column", "x", "reveals"),
    [
        (number("code"), 5.0 - CLASSES, True),
        (number("size"), CLASSES * 100.0 + NOISE, True),  # an interval for each class
        (number("size"), CLASSES + NOISE, False),
        (category("code", 4), CLASSES + 2.0 * (np.arange(ROWS) % 4 > 1), True),
        (category("code", 2), (np.arange(ROWS) % 4 > 1) + 0.0, False),
        (category("name", 20), np.arange(ROWS) % 20.0, True),
    ],
)
def test_one_class_for_each_value_gives_a_class_away(column, x, reveals):
    found = warned([x, CLASSES], [column, category("kind", 2)], KIND)
    assert [one.startswith(revealing(column.name)) for one in found] == [True] * reveals


def test_rows_without_a_value_say_nothing():
    x = 2.0 * NOISE
    x[:5] = np.nan
    assert warned([x, NOISE], [number("copy"), number("price")], PRICE)
    assert warned(
        [np.where(np.isnan(x), 0.0, np.nan), NOISE], [number("x"), number("price")], PRICE
    )
