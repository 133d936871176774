"""One serialisation of every answer: dataclasses and arrays straight into JSON."""

import re
from typing import Any

import numpy as np
import orjson
from starlette.responses import Response

NUMBERS_AT_ONCE = 2**15
"""Numbers per call: orjson holds the interpreter lock, with this many for 1 to 2 ms."""


class ArrayResponse(Response):
    """A JSON answer; its content is a dataclass, its arrays never become Python lists."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Every number with the digits that give it back; numbers have been found finite before."""
        return to_json(content)


def to_json(content: Any) -> bytes:
    """The bytes of a dataclass, dict, list or array; a zero has no sign."""
    text = orjson.dumps(content, default=_array, option=orjson.OPT_UTC_Z)
    # Arrays have lost the sign already: this is for single numbers, and rarely finds one.
    return _STRING_OR_ZERO.sub(_unsigned, text) if _NEGATIVE_ZERO.search(text) else text


_NEGATIVE_ZERO = re.compile(rb"-0\.0(?=[,\]}]|$)")
_STRING_OR_ZERO = re.compile(rb'"(?:[^"\\]|\\.)*"|' + _NEGATIVE_ZERO.pattern)


def _unsigned(found: re.Match[bytes]) -> bytes:
    return found[0] if found[0].startswith(b'"') else b"0.0"


def _array(value: Any) -> orjson.Fragment:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
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
    # -0.0 + 0.0 is 0.0 (IEEE 754, section 6.3).
    unsigned = array + 0.0 if array.dtype.kind == "f" else array
    return orjson.dumps(np.ascontiguousarray(unsigned), option=orjson.OPT_SERIALIZE_NUMPY)
