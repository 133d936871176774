"""What a worker has made ready for its next call.

Made anew from the same arguments it gives the same numbers; for a large data set not in no time.
"""

from pathlib import Path
from typing import Any

from core.arrays import Array

CAPACITY = 2
"""More is more memory than a worker may take."""

Data = Path | Array
"""The `.npy` file of a job, or the rows in it."""

_kept: list[tuple[object, Data, Any]] = []


def put(key: object, data: Data, thing: object) -> None:
    """Keep it until it is taken, or others need the room."""
    _kept.append((key, data, thing))


def pop(key: object, data: Data) -> Any:
    """Give what was kept under just that key and data; else make room for one, and give `None`."""
    for place, (of, belongs_to, thing) in enumerate(_kept):
        if of == key and _same(data, belongs_to):
            del _kept[place]
            return thing
    del _kept[: 1 - CAPACITY]
    return None


def _same(data: Data, other: Data) -> bool:
    paths = isinstance(data, Path) and isinstance(other, Path)
    return data is other or (paths and data == other)
