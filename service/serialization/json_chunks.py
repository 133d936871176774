"""Extraction of long arrays of numbers from a large body, to be parsed in pieces.

simdjson keeps the interpreter for itself while it reads: a whole body of 40 MB for 80 ms, which
blocks the event loop. A piece takes 2 ms.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from service.serialization.simdjson_reader import MAX_VALUES, NeedsStrictParser

PIECE_BYTES = 2**20
LONG_BYTES = 2**14
MAX_LEFT_BYTES = 2**23
"""Beside long arrays; the largest network of small layers has less."""

_BEGINNING = re.compile(rb"\[[ \t\n\r]*(\[?)[ \t\n\r]*[-0-9]")
_END_OF_ROWS = re.compile(rb"\][ \t\n\r]*\]")
_AFTER_ROW = re.compile(rb"[ \t\n\r]*([,\]])")


class LongArray(NamedTuple):
    """Where in the body its pieces are: rows in brackets, or numbers, with commas between."""

    of_rows: bool
    pieces: Sequence[slice]
    start: int
    stop: int


class Cut(NamedTuple):
    """The document with a name in place of every long array, and what the names stand for."""

    skeleton: bytes
    arrays: Mapping[str, LongArray]


def extract_long_arrays(body: bytes) -> Cut:
    """Raise `NeedsStrictParser` where too much is left."""
    # A random word, so that no string of the body can equal it.
    word = secrets.token_hex(16)
    arrays: dict[str, LongArray] = {}
    rest: list[bytes] = []
    done = 0
    for start, stop in _between_strings(body):
        found = _long_array(body, start, stop) if stop - start >= LONG_BYTES else None
        if found is not None and found.stop - found.start >= LONG_BYTES:
            name = f"{word} {len(arrays)}"
            arrays[name] = found
            rest += (body[done : found.start], f'"{name}"'.encode())
            done = found.stop
    rest.append(body[done:])
    if sum(map(len, rest)) > MAX_LEFT_BYTES:
        raise NeedsStrictParser(f"more than {MAX_LEFT_BYTES:,} bytes are no long arrays of numbers")
    return Cut(b"".join(rest), arrays)


def _between_strings(body: bytes) -> Iterator[tuple[int, int]]:
    """Where no string is; between two of them there is at most one array of numbers."""
    start = 0
    for _ in range(MAX_VALUES):
        opening = body.find(b'"', start)
        if opening < 0:
            yield start, len(body)
            return
        yield start, opening
        start = _end_of_string(body, opening)
    raise NeedsStrictParser(f"it has more than {MAX_VALUES:,} strings")


def _end_of_string(body: bytes, opening: int) -> int:
    closing = body.find(b'"', opening + 1)
    while closing >= 0:
        before = closing
        while body[before - 1] == ord("\\"):
            before -= 1
        if (closing - before) % 2 == 0:
            return closing + 1
        closing = body.find(b'"', closing + 1)
    raise NeedsStrictParser("a string does not end")


def _long_array(body: bytes, start: int, stop: int) -> LongArray | None:
    first = body.find(b"[", start, stop)
    beginning = _BEGINNING.match(body, first, stop) if first >= 0 else None
    if beginning is None:
        return None
    of_rows = bool(beginning[1])
    next_piece = _next_rows if of_rows else _next_numbers
    pieces: list[slice] = []
    at = first + 1
    while at < stop:
        found = next_piece(body, at, min(at + PIECE_BYTES, stop))
        if found is None:
            return None
        pieces.append(slice(at, found.stop))
        if found.last:
            return LongArray(of_rows, pieces, first, found.after)
        at = found.after
    return None


class _Piece(NamedTuple):
    stop: int
    after: int
    """Where the next may begin, or what follows the whole array."""
    last: bool


def _next_rows(body: bytes, at: int, limit: int) -> _Piece | None:
    end = _END_OF_ROWS.search(body, at, limit)
    if end is not None:
        return _Piece(end.start() + 1, end.end(), last=True)
    stop = body.rfind(b"]", at, limit) + 1
    after = _AFTER_ROW.match(body, stop) if stop else None
    return None if after is None else _Piece(stop, after.end(), last=after[1] == b"]")


def _next_numbers(body: bytes, at: int, limit: int) -> _Piece | None:
    end = body.find(b"]", at, limit)
    if end >= 0:
        return _Piece(end, end + 1, last=True)
    comma = body.rfind(b",", at, limit)
    return None if comma < 0 else _Piece(comma, comma + 1, last=False)
