"""Objects that are expensive to build, kept between two calls of a worker function.

Rebuilt from the same arguments they give the same numbers, so a miss costs time only.
"""

from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.arrays import Array

Data = Path | Array
"""The `.npy` file of a job, or the rows in it."""

Value = TypeVar("Value")


class WorkerCache(Generic[Value]):
    """At most `capacity` objects by key and data; the one put longest ago makes room.

    Arrays are compared by identity. An object is out of the cache while it is used.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[tuple[Hashable, Hashable], tuple[Data, Value]] = OrderedDict()

    def put(self, key: Hashable, data: Data, value: Value) -> None:
        """Keep an object for the call with this key and data."""
        self._entries[key, _identity(data)] = data, value
        self._shrink_to(self._capacity)

    def pop(self, key: Hashable, data: Data) -> Value | None:
        """Take an object out; on a miss make room for the one to be built, and return None."""
        found = self._entries.pop((key, _identity(data)), None)
        if found is not None:
            return found[1]
        self._shrink_to(self._capacity - 1)
        return None

    def _shrink_to(self, count: int) -> None:
        while len(self._entries) > count:
            self._entries.popitem(last=False)


IN_WORKER: WorkerCache[Any] = WorkerCache(2)
"""The cache of a worker process: more copies of the data may exceed the memory of a worker."""


def _identity(data: Data) -> Hashable:
    """The path, or the address of an array, which the entry keeps alive."""
    return data if isinstance(data, Path) else id(data)
