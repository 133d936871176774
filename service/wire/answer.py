"""One serialisation of every answer: dataclasses and arrays straight into JSON."""

from typing import Any

import numpy as np
import orjson
from starlette.responses import Response

OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z


class ArrayResponse(Response):
    """A JSON answer; its content is a dataclass, its arrays never become Python lists."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Every number with the digits that give it back; numbers have been found finite before."""
        return to_json(content)


def to_json(content: Any) -> bytes:
    """The bytes of a dataclass, dict, list or array."""
    return orjson.dumps(content, default=_contiguous, option=OPTIONS)


def _contiguous(value: Any) -> Any:
    # orjson takes arrays as they lie in memory; a view with gaps has to be laid out first.
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value)
    raise TypeError(f"{type(value).__name__} is not a form of ours")
