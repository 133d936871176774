"""A digest of the meaning of a JSON document: spaces, order of keys and 1 or 1.0 do not matter."""

from hashlib import sha256
from typing import Any

import numpy as np

from service.serialization.json_parser import parse


def json_digest(body: bytes, context: str = "") -> str:
    """Return the SHA-256 (hexadecimal) of the value of a valid JSON document, and of `context`."""
    digest = sha256(context.encode())
    _update(digest, parse(body))
    return digest.hexdigest()


def _update(digest: Any, value: Any) -> None:
    if isinstance(value, dict):
        digest.update(b"{%d" % len(value))
        for key in sorted(value):
            _update(digest, key)
            _update(digest, value[key])
    elif isinstance(value, list | np.ndarray):
        array = _as_numbers(value)
        if array is not None:
            digest.update(b"#" + str(array.shape).encode())
            digest.update((array + 0.0).astype("<f8").tobytes())  # + 0.0: -0 is 0
        else:
            digest.update(b"[%d" % len(value))
            for entry in value:
                _update(digest, entry)
    elif isinstance(value, bool) or value is None:
        digest.update(b"!" + repr(value).encode())
    elif isinstance(value, int | float):
        number = _as_numbers([value])
        digest.update(b"=" + (repr(value).encode() if number is None else number.tobytes()))
    else:
        text = str(value).encode("utf-8", "surrogatepass")
        digest.update(b'"%d:' % len(text) + text)


def _as_numbers(value: Any) -> np.ndarray | None:
    """The value as an array of float64, None unless it is a rectangular array of numbers."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        return None
    if array.dtype.kind not in "iuf" or _has_bool(value):
        return None
    numbers = array.astype(np.float64)
    is_exact = array.dtype.kind == "f" or bool((numbers.astype(array.dtype) == array).all())
    return numbers if is_exact else None


def _has_bool(value: Any) -> bool:
    """Whether a list has true or false among its numbers, which NumPy takes for 1 and 0."""
    if isinstance(value, list):
        return any(_has_bool(entry) for entry in value)
    return isinstance(value, bool)
