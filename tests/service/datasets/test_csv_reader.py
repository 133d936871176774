"""CSV files as people and programs write them, and refusals that name line and column."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables.column import Column
from service.datasets.errors import InvalidDataset
from service.datasets.readers import csv_reader
from service.datasets.readers.csv_reader import read_csv
from service.datasets.readers.dialect import Dialect


def read(text, **dialect):
    return read_csv(lambda: io.StringIO(text), Dialect(**dialect), lambda rows, columns: None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends_are_found_out(delimiter, end):
    lines = ["width;kind;open", "1.5;red;true", '-2;"dark blue";false', ""]
    text = end.join(lines).replace(";", delimiter)
    table = read(text).table
    assert table.columns == (
        Column("width"),
        Column("kind", "category", ("dark blue", "red")),
        Column("open", "boolean"),
    )
    assert table.labels() == [[1.5, "red", True], [-2, "dark blue", False]]


def test_a_decimal_comma_is_found_out():
    assert read("a;b\n1,5;2\n-3,25;4\n").table.labels() == [[1.5, 2], [-3.25, 4]]
    mixed = read('a;b\n1,5;"Smith, J"\n-3,25;x\n').table
    assert mixed.labels() == [[1.5, "Smith, J"], [-3.25, "x"]]
    assert read('a,b\n"1,5",2\n"2,5",3\n').table.labels() == [[1.5, 2], [2.5, 3]]


def test_without_a_header_columns_are_numbered():
    assert read("1,2\n3,4\n").table.names == ("x1", "x2")
    assert read("a,b\nc,d\n", header=False).table.labels()[0] == ["a", "b"]


def test_quotes_may_hold_delimiters_quotes_and_line_breaks():
    text = 'a,b\n"x,y",1\n"say ""hi""",2\n"two\nlines",3\n'
    assert [row[0] for row in read(text).table.labels()] == ["x,y", 'say "hi"', "two\nlines"]


def test_missing_values_are_missing_in_every_kind():
    text = "n,c,b\n1,x,true\n,,\nNA,NA,NA\n?,null,NaN\n2,y,false\n"
    table = read(text).table
    assert [column.kind for column in table.columns] == ["number", "category", "boolean"]
    assert table.labels()[1:4] == [[None] * 3] * 3


def test_an_empty_column_after_the_last_delimiter_is_no_column():
    assert read("a,b,\n1,2,\n3,4,\n").table.names == ("a", "b")


def test_a_text_among_numbers_is_reported_with_its_line(monkeypatch):
    monkeypatch.setattr(csv_reader, "PIECE_CHARACTERS", 64)
    text = "v\n" + "".join(f"{n}\n" for n in range(200)) + "12O\n7\n"
    seen = read(text)
    assert seen.table.columns[0].kind == "category"
    assert seen.table.labels()[:2] == [["0"], ["1"]]
    assert len(seen.table) == 202
    (warning,) = seen.warnings
    assert "line 202 has '12O'" in warning


@pytest.mark.parametrize(
    ("text", "detail", "place"),
    [
        ("a,b\n1,2\n3\n", "line 3 has 1 field,", ("line", 3, "column", 1)),
        ("a,b\n1,2\n3,4,5\n", "line 3 has 3 fields", ("line", 3, "column", 2)),
        ("a,b\n1,inf\n", "line 2, column 'b': inf", ("line", 2, "column", 2)),
        ("a,b\n1,2\n1e999,2\n", "line 3, column 'a': 1e999", ("line", 3, "column", 1)),
        ("a,a\n1,2\n", "both called 'a'", ("line", 1, "column", 2)),
        ("", "empty", ("line", 1)),
        ("\n\n", "empty", ("line", 1)),
        ("a,b\n", "no rows", ("line", 2)),
    ],
)
def test_a_refusal_names_line_and_column(text, detail, place):
    with pytest.raises(InvalidDataset) as caught:
        read(text, header=True)
    assert detail in caught.value.detail
    assert caught.value.place == place


def test_a_line_behind_many_pieces_has_its_own_number(monkeypatch):
    monkeypatch.setattr(csv_reader, "PIECE_CHARACTERS", 100)
    text = "a,b\n" + '"x\ny",1\n' * 100 + "z\n"
    with pytest.raises(InvalidDataset, match="line 202 has 1 field,"):
        read(text)


def test_a_quote_that_is_never_closed_is_refused(monkeypatch):
    text = 'a,b\n"1,2\n' + "3,4\n" * 1000
    with pytest.raises(InvalidDataset, match=r"line 2 has 1 field,.*is a quote there"):
        read(text)
    monkeypatch.setattr(csv_reader, "PIECE_CHARACTERS", 64)
    monkeypatch.setattr(csv_reader, "MAX_QUOTED_CHARACTERS", 1000)
    with pytest.raises(InvalidDataset, match="not closed"):
        read(text)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=5)


@given(st.lists(st.tuples(NUMBERS, TEXTS), min_size=2), st.sampled_from([7, 50, 2**19]))
def test_what_the_csv_module_writes_is_read_back(rows, piece):
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([("number", "text"), *rows])
    before = csv_reader.PIECE_CHARACTERS
    csv_reader.PIECE_CHARACTERS = piece
    try:
        table = read(file.getvalue(), delimiter=",", decimal=".", header=True).table
    finally:
        csv_reader.PIECE_CHARACTERS = before
    np.testing.assert_array_equal(table.values[:, 0], [number for number, _ in rows])
    texts = [str(row[1]).lower() for row in table.labels()]
    for found, (_, text) in zip(texts, rows, strict=True):
        missing = text.strip().lower() in {"", "na", "n/a", "nan", "null", "none", "?"}
        is_number = table.columns[1].kind == "number"
        expected = "none" if missing else text.strip().lower()
        assert found == expected or (is_number and float(found) == float(expected))
