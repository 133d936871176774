"""One serialisation of every answer: dataclasses and arrays straight into JSON."""

from typing import Any

import numpy as np
import orjson
from starlette.responses import Response

NUMBERS_AT_ONCE = 2**15
"""orjson keeps every other thread waiting: with so many numbers for a millisecond or two."""


class ArrayResponse(Response):
    """A JSON answer; its content is a dataclass, its arrays never become Python lists."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Every number with the digits that give it back; numbers have been found finite before."""
        return to_json(content)


def to_json(content: Any) -> bytes:
    """The bytes of a dataclass, dict, list or array."""
    return orjson.dumps(content, default=_array, option=orjson.OPT_UTC_Z)


def _array(value: Any) -> orjson.Fragment:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(value).__name__} is not a form of ours")
    if value.size <= NUMBERS_AT_ONCE:
        return orjson.Fragment(_numbers(value))
    rows = max(1, NUMBERS_AT_ONCE * len(value) // value.size)
    pieces = (
        memoryview(_numbers(value[start : start + rows]))[1:-1]
        for start in range(0, len(value), rows)
    )
    return orjson.Fragment(b"".join((b"[", b",".join(pieces), b"]")))


def _numbers(array: np.ndarray) -> bytes:
    # orjson takes arrays as they lie in memory; a view with gaps has to be laid out first.
    return orjson.dumps(np.ascontiguousarray(array), option=orjson.OPT_SERIALIZE_NUMPY)
