"""Rows become inputs and outputs become labels, and a schema survives JSON."""

import json

import numpy as np
import pytest
from sklearn.preprocessing import OneHotEncoder

from core.errors import MathematicalError, OutOfDomain, ShapeMismatch
from core.tables.column import Column
from core.tables.schema import InputColumn, OutputColumns, TableSchema
from core.tables.table import Table

COLORS = ("blue", "green", "red")
INPUTS = (
    InputColumn("width"),
    InputColumn("color", "category", COLORS),
    InputColumn("open", "boolean"),
)
SCHEMA = TableSchema(INPUTS, OutputColumns(("kind",), "classification", ("a", "b", "c")))
ROWS = [
    {"width": 1.5, "color": "red", "open": True},
    {"width": -2, "color": "blue", "open": False},
    {"width": 0.0, "color": "yellow", "open": 1},
]


def table(rows):
    values = [
        [row["width"], COLORS.index(row["color"]) if row["color"] in COLORS else 3, row["open"]]
        for row in rows
    ]
    columns = (
        Column("width"),
        Column("color", "category", (*COLORS, "yellow")),
        Column("open", "boolean"),
    )
    return Table(columns, np.array(values, dtype=float))


def test_indicators_are_those_of_scikit_learn():
    encoder = OneHotEncoder(categories=[list(COLORS)], handle_unknown="ignore")
    expected = encoder.fit_transform([["red"], ["blue"], ["yellow"]]).toarray()
    encoded = SCHEMA.encode(ROWS)
    np.testing.assert_array_equal(encoded[:, 1:4], expected)
    np.testing.assert_array_equal(encoded[:, [0, 4]], [[1.5, 1], [-2, 0], [0, 1]])
    assert SCHEMA.input_names == ("width", "color=blue", "color=green", "color=red", "open")


def test_objects_arrays_and_tables_encode_alike():
    arrays = [list(row.values()) for row in ROWS]
    np.testing.assert_array_equal(SCHEMA.encode(arrays), SCHEMA.encode(ROWS))
    np.testing.assert_array_equal(SCHEMA.encode_table(table(ROWS)), SCHEMA.encode(ROWS))
    assert table(ROWS).labels()[0] == [1.5, "red", True]


@pytest.mark.parametrize(
    "output",
    [
        SCHEMA.output,
        OutputColumns(("kind",), "classification", (False, True)),
        OutputColumns(("kind",), "classification", (3, 5, 2.5)),
        OutputColumns(("height", "weight"), "regression"),
    ],
)
def test_a_schema_survives_json(output):
    schema = TableSchema((InputColumn("age", fill=0.1), *INPUTS), output)
    assert TableSchema.from_document(json.loads(json.dumps(schema.to_document()))) == schema
    assert len(schema.output_names) == output.width


def test_labels_come_out_as_they_came_in():
    classes = (2, 3)
    schema = TableSchema(INPUTS, OutputColumns(("kind",), "classification", classes))
    given = Table((Column("kind"),), np.array([[3.0], [2.0], [3.0]]))
    y = schema.encode_target(given)
    np.testing.assert_array_equal(y, [[1], [0], [1]])
    assert schema.labels(y) == [3, 2, 3]
    np.testing.assert_array_equal(schema.probabilities(y), [[0, 1], [1, 0], [0, 1]])


@pytest.mark.parametrize(
    ("row", "error", "place"),
    [
        ({"width": 1, "open": True}, ShapeMismatch, (0, "color")),
        ([1, "red"], ShapeMismatch, (0,)),
        ({"width": "1", "color": "red", "open": True}, OutOfDomain, (0, "width")),
        ({"width": 10**400, "color": "red", "open": True}, OutOfDomain, (0, "width")),
        ({"width": True, "color": "red", "open": True}, OutOfDomain, (0, "width")),
        ({"width": None, "color": "red", "open": True}, OutOfDomain, (0, "width")),
        ({"width": 1, "color": 2, "open": True}, OutOfDomain, (0, "color")),
        ({"width": 1, "color": "red", "open": 2}, OutOfDomain, (0, "open")),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_place(row, error, place):
    with pytest.raises(error) as caught:
        SCHEMA.encode([row])
    assert isinstance(caught.value, MathematicalError)
    assert caught.value.place == place


def test_a_missing_number_becomes_the_fill_and_a_missing_category_has_no_indicator():
    schema = TableSchema((InputColumn("age", fill=41.5), INPUTS[1]), SCHEMA.output)
    np.testing.assert_array_equal(schema.encode([[None, None]]), [[41.5, 0, 0, 0]])
