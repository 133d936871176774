"""A body that is read in pieces means what it means as a whole, wherever the cuts fall."""

import json
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_large_bodies import CHARACTERS, DOCUMENTS, plain, same

from service.serialization import json_chunks, json_parser
from service.serialization.json_parser import InvalidJson, parse, parse_strictly

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[\0"), max_size=5)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
ROWS = st.integers(1, 9).flatmap(
    lambda width: st.lists(st.lists(FLOATS, min_size=width, max_size=width), min_size=1)
)
ARRAYS = st.one_of(ROWS, st.lists(FLOATS, min_size=1), FLOATS, st.integers(-9, 9), TEXTS)
SPACES = st.sampled_from([None, 0, 1, "\t", 7])


def outcome(read, data):
    try:
        return plain(read(data))
    except InvalidJson:
        return "refused"


def in_pieces(data, piece=16):
    """As if it were large, and the pieces small."""
    with (
        patch.multiple(json_parser, LARGE_BYTES=0, STRICT_BYTES=0),
        patch.multiple(json_chunks, PIECE_BYTES=piece, LONG_BYTES=4),
    ):
        return parse(data)


@settings(max_examples=100)
@given(
    document=st.dictionaries(TEXTS, st.one_of(ARRAYS, st.lists(st.dictionaries(TEXTS, ARRAYS)))),
    indent=SPACES,
    piece=st.integers(260, 600),
)
def test_arrays_of_numbers_are_never_refused(document, indent, piece):
    # A row of nine numbers on lines of their own has at most 260 characters.
    data = json.dumps(document, indent=indent).encode()
    assert same(outcome(lambda text: in_pieces(text, piece), data), plain(parse_strictly(data)))


@settings(max_examples=60)
@given(document=DOCUMENTS, indent=SPACES, piece=st.integers(1, 100))
@example(document={"x": [[1.0, 2.0]] * 9, "]": "[[", '"': "\\"}, indent=None, piece=20)
@example(document=[[[1.0, 2.0]] * 9, [[3.0]] * 9], indent=None, piece=20)
@example(document={"x": [[1.0, 2.0]] * 9 + [[3.0]]}, indent=None, piece=20)
@example(document=[1.0] * 20 + [[2.0]] + [3.0] * 20, indent=None, piece=20)
def test_what_is_taken_in_pieces_is_what_the_whole_says(document, indent, piece):
    data = json.dumps(document, indent=indent).encode()
    found = outcome(lambda text: in_pieces(text, piece), data)
    assert found == "refused" or same(found, plain(parse_strictly(data)))


@settings(max_examples=500)
@given(text=CHARACTERS, piece=st.integers(1, 20))
@example(text="[1,2,]", piece=3)
@example(text="[1,2 3,4]", piece=3)
@example(text="[[1],[2],]", piece=4)
@example(text="[[1],\x0b[2]]", piece=4)
@example(text="[[1] [2]]", piece=4)
@example(text="[[1],[2]]]", piece=4)
@example(text='{"a": [1,2,3], "a": [1,2,3]}', piece=4)
def test_no_text_is_taken_in_pieces_that_is_refused_as_a_whole(text, piece):
    data = text.encode()
    found = outcome(lambda text: in_pieces(text, piece), data)
    assert found == "refused" or same(found, outcome(parse_strictly, data))


@pytest.fixture(scope="module")
def large():
    """As many numbers as the largest body has."""
    x = np.random.default_rng(1).normal(size=(500_000, 4))
    return x, b'{"x": %b}' % json.dumps(x.tolist()).encode()


def test_others_get_the_interpreter_while_a_large_body_is_read(large):
    x, data = large
    with patch.object(json_parser, "_joined", wraps=json_parser._joined) as joined:
        found = parse(data)["x"]
    ((_, array), _) = joined.call_args
    parts = [piece.stop - piece.start for piece in array.pieces]
    np.testing.assert_array_equal(found, x)
    assert len(parts) >= len(data) // json_chunks.PIECE_BYTES
    assert max(parts) <= json_chunks.PIECE_BYTES


def test_a_large_body_of_anything_else_is_refused(large):
    _, data = large
    for other in (data.replace(b"[[", b"[[[", 1), b'{"x": "%b"}' % (b"a" * 10**7)):
        with pytest.raises(InvalidJson, match="no long arrays of numbers"):
            parse(other)
