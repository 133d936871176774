"""Lines of numbers by the JSON parser: to the floats of `float`, or not at all."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.datasets.readers.number_lines import read_numbers

FIELD = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(-(10**25), 10**25).map(str),
    st.from_regex(r"[-+.0-9eE ]{0,6}", fullmatch=True),
    st.sampled_from(["", "-0", "1.", ".5", "+1", "007", "1e999", "NaN", "[1", "2]", '"3"', "1_0"]),
)


@given(
    st.lists(st.lists(FIELD, min_size=1, max_size=4), min_size=1, max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from([".", ","]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_read_is_what_float_reads(rows, delimiter, decimal, end):
    lines = [delimiter.join(row).replace(".", decimal) + end for row in rows]
    width = len(lines[0].split(delimiter))
    found = read_numbers(lines, width, delimiter, decimal)
    if found is None:
        return
    expected = [
        [float(field.replace(decimal, ".")) for field in line.strip(end).split(delimiter)]
        for line in lines
    ]
    assert all(len(row) == width for row in expected)
    # An integer -0 has no sign in JSON.
    assert [bits(x) for row in found.tolist() for x in row] == [
        bits(x or 0.0) if field_is_integer else bits(x)
        for row, line in zip(expected, lines, strict=True)
        for x, field_is_integer in zip(
            row, (is_integer(f) for f in line.strip(end).split(delimiter)), strict=True
        )
    ]


def is_integer(field):
    return field.strip().lstrip("-").isdigit()


def bits(number):
    return struct.pack("d", number)


@pytest.mark.parametrize("decimal", [".", ","])
def test_plain_numbers_are_read(decimal):
    lines = ["1;2.5e3\n".replace(".", decimal), "-0.25;7".replace(".", decimal)]
    found = read_numbers(lines, 2, ";", decimal)
    assert found is not None
    assert found.tolist() == [[1.0, 2500.0], [-0.25, 7.0]]


@pytest.mark.parametrize(
    "lines",
    [
        ["1,2\n", "3\n", "4,5,6\n"],
        ["1,2,3\n", "4\n"],
        ["1,2\n", "\n", "3,4\n"],
        ["1,[2\n", "3],4\n"],
        ["1,2\n", "3,\n"],
        ["1,2\n", "1e999,2\n"],
    ],
)
def test_lines_of_another_width_or_kind_are_left_to_others(lines):
    assert read_numbers(lines, 2, ",", ".") is None
