"""One strict parse of a request's JSON, straight into arrays where it is large.

Strict is RFC 8259 with what it leaves open decided: no duplicate keys, no NaN, no Infinity, UTF-8.
Large bodies go through simdjson, whose arrays of numbers become NumPy arrays without a Python
number in between. It is looser than we are, so whatever it might have smoothed over (a duplicate
key, a ragged or deeper row, an integer beyond 64 bits) goes to the strict parser, which decides.
"""

from typing import Any

import jiter
import numpy as np
import simdjson

LARGE_BYTES = 16 * 1024
"""From here on the second parser pays."""
STRICT_BYTES = 2**20
"""Up to here the strict parser is asked; beyond, it would keep everybody waiting for too long."""
MOST_KEYS = 100
"""Of one object; none of ours has a third of that."""
MOST_VALUES = 100_000
"""That are no numbers of a long array."""
SHORT = 100
"""Up to so many entries an array stays a list: it may be one of names or integers."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


PLAIN = (
    f"a body of more than {STRICT_BYTES:,} bytes has to be plain JSON, "
    "its arrays of numbers finite and rectangular, with no key twice"
)


class InvalidJson(ValueError):
    """A body that is not JSON as we take it; the sentence names line and column."""


def parse(body: bytes) -> Any:
    """The JSON value; in a large body, long rectangular arrays of numbers as float64 arrays.

    Raises `InvalidJson`.
    """
    if len(body) >= LARGE_BYTES:
        try:
            return _with_arrays(body)
        except (_NotPlain, LookupError, ValueError, TypeError, RuntimeError) as error:
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
        raise InvalidJson(f"the body is not JSON: {error}") from None
    _require_few_keys(value)
    return value


def _require_few_keys(value: Any) -> None:
    """Each unknown key is going to be a sentence of the answer."""
    if isinstance(value, dict):
        if len(value) > MOST_KEYS:
            raise InvalidJson(f"an object has {len(value):,} keys; no question has {MOST_KEYS}")
        for child in value.values():
            _require_few_keys(child)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for child in value:
            _require_few_keys(child)


class _NotPlain(Exception):
    """Something in the document needs the strict parser."""


def _with_arrays(body: bytes) -> Any:
    if body.startswith(BYTE_ORDER_MARK):
        raise _NotPlain("it begins with a byte order mark")
    walk = _Walk()
    value = walk.value(simdjson.Parser().parse(body))
    # Every bracket of the text must have been accounted for, or an array hides in another.
    if walk.arrays != body.count(b"["):
        raise _NotPlain("an array of numbers has something else in it")
    return value


class _Walk:
    """Turns simdjson's proxies into Python values, counting the arrays met."""

    def __init__(self) -> None:
        self.arrays = 0
        self._values = 0

    def value(self, node: Any) -> Any:
        if isinstance(node, simdjson.Object):
            return self._object(node)
        if isinstance(node, simdjson.Array):
            return self._array(node)
        return node

    def _object(self, node: Any) -> dict[str, Any]:
        if len(node) > MOST_KEYS:
            raise _NotPlain(f"an object has {len(node):,} keys")
        keys = list(node.keys())
        if len(set(keys)) != len(keys):
            raise _NotPlain("a key comes twice")
        self._count(len(keys))
        # items() would hand out Python lists already.
        return {key: self.value(node[key]) for key in keys}

    def _array(self, node: Any) -> Any:
        self.arrays += 1
        if not len(node) or isinstance(node[0], simdjson.Object | str):
            return self._list(node)
        if isinstance(node[0], simdjson.Array):
            if not len(node[0]) or isinstance(node[0][0], simdjson.Array | simdjson.Object | str):
                return self._list(node)
            return self._matrix(node)
        return self._numbers(node, len(node)) if len(node) > SHORT else node.as_list()

    def _list(self, node: Any) -> list[Any]:
        self._count(len(node))
        return [self.value(child) for child in node]

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise _NotPlain(f"it has more than {MOST_VALUES:,} values that are no numbers")

    def _matrix(self, node: Any) -> np.ndarray:
        widths = {len(row) for row in node}  # a number among the rows has no length: TypeError
        if len(widths) != 1:
            raise _NotPlain("the rows of an array have different lengths")
        rows = len(node)
        self.arrays += rows
        return self._numbers(node, rows * widths.pop()).reshape(rows, -1)

    def _numbers(self, node: Any, count: int) -> np.ndarray:
        numbers = np.frombuffer(node.as_buffer(of_type="d"), dtype=np.float64)
        if len(numbers) != count:
            raise _NotPlain("an array of numbers has something else in it")
        return numbers
