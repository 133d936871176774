"""One strict parse of a request's JSON, straight into arrays where it is large.

Strict is RFC 8259 with what it leaves open decided: no duplicate keys, no NaN, no Infinity, UTF-8.
Large bodies go through simdjson, whose arrays of numbers become NumPy arrays without a Python
number in between. It accepts more than this service, so what it may have accepted wrongly (a
duplicate key, a ragged or deeper row, an integer beyond 64 bits) goes to the strict parser, which
decides.
"""

import json
from collections.abc import Iterable
from typing import Any

import jiter
import numpy as np
import simdjson

from core.arrays import Array
from core.errors import Place
from service.serialization.json_chunks import LongArray, extract_long_arrays
from service.serialization.simdjson_reader import MAX_KEYS, NeedsStrictParser, SimdjsonReader

LARGE_BYTES = 16 * 1024
"""From here on the second parser pays."""
STRICT_BYTES = 2**20
"""Up to here the strict parser is asked; beyond, it would block the event loop for too long."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


PLAIN = (
    f"a body of more than {STRICT_BYTES:,} bytes has to be plain JSON, "
    "its arrays of numbers finite and rectangular, with no key twice"
)


class InvalidJson(ValueError):
    """A body that is not strict JSON; the sentence names line and column."""

    place: Place = ()
    """The keys and indices that lead to what is wrong, where they are known."""


def parse(body: bytes) -> Any:
    """The JSON value; in a large body, long rectangular arrays of numbers as float64 arrays.

    Raises `InvalidJson`.
    """
    if len(body) >= LARGE_BYTES:
        try:
            return _with_arrays(body)
        except (NeedsStrictParser, LookupError, ValueError, TypeError, RuntimeError) as error:
            # Not what simdjson can be trusted with; the strict parser says what it is.
            if len(body) > STRICT_BYTES:
                raise InvalidJson(f"{PLAIN}, and this one is not: {error}") from None
    return parse_strictly(body)


def parse_strictly(body: bytes) -> Any:
    """The JSON value in Python's own types; raises `InvalidJson`."""
    try:
        value = jiter.from_json(
            body, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys"
        )
    except ValueError as error:
        raise _not_json(body, error) from None
    _require_few_keys(value)
    return value


def _not_json(body: bytes, error: ValueError) -> InvalidJson:
    """The refusal of a body; of one that has NaN or Infinity with the place of the first.

    Python's `json.dumps` writes them, and no standard for JSON has them.
    """
    refusal = InvalidJson(f"the body is not JSON: {error}")
    if len(body) > STRICT_BYTES or not (b"NaN" in body or b"Infinity" in body):
        return refusal
    try:
        place = _place_of_constant(json.loads(body, parse_constant=_Constant))
    except (ValueError, RecursionError):
        return refusal
    if place is None:
        return refusal
    where, name = place
    refusal = InvalidJson(f"{refusal}: {name} at {_dotted(where)} is not a number of JSON")
    refusal.place = where
    return refusal


class _Constant(str):
    """NaN, Infinity or -Infinity, as it stands in a body."""

    __slots__ = ()


def _place_of_constant(value: Any) -> tuple[Place, str] | None:
    """The keys and indices that lead to the first such constant."""
    if isinstance(value, _Constant):
        return (), str(value)
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        found = _place_of_constant(child)
        if found is not None:
            return (key, *found[0]), found[1]
    return None


def _dotted(place: Place) -> str:
    """`samples.y[1]` for ("samples", "y", 1)."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place)
    return text.removeprefix(".") or "the top"


def _require_few_keys(value: Any) -> None:
    """Each unknown key is going to be a sentence of the answer."""
    if isinstance(value, dict):
        if len(value) > MAX_KEYS:
            raise InvalidJson(f"an object has {len(value):,} keys; no question has {MAX_KEYS}")
        for child in value.values():
            _require_few_keys(child)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for child in value:
            _require_few_keys(child)


def _with_arrays(body: bytes) -> Any:
    if body.startswith(BYTE_ORDER_MARK):
        raise NeedsStrictParser("it begins with a byte order mark")
    if len(body) <= STRICT_BYTES:
        return _read(body, SimdjsonReader())
    rest, arrays = extract_long_arrays(body)
    return _read(
        rest, SimdjsonReader({name: _joined(body, array) for name, array in arrays.items()})
    )


def _read(text: bytes, walk: SimdjsonReader) -> Any:
    value = walk.value(simdjson.Parser().parse(text))
    _require_all_seen(text, walk)
    return value


def _joined(body: bytes, array: LongArray) -> Array:
    """The interpreter is free for others between two pieces."""
    read = _rows if array.of_rows else _numbers
    return np.concatenate([read(b"[" + body[piece] + b"]") for piece in array.pieces])


def _rows(text: bytes) -> Array:
    walk = SimdjsonReader()
    rows = walk.matrix(simdjson.Parser().parse(text))
    walk.arrays += 1
    _require_all_seen(text, walk)
    return rows


def _numbers(text: bytes) -> Array:
    numbers: Any = simdjson.Parser().parse(text)
    if not len(numbers):
        raise NeedsStrictParser("a comma has no number after it")
    return SimdjsonReader().numbers(numbers, len(numbers))


def _require_all_seen(text: bytes, walk: SimdjsonReader) -> None:
    """Every bracket must have been accounted for, or an array hides in another."""
    if walk.arrays != text.count(b"["):
        raise NeedsStrictParser("an array of numbers has something else in it")
