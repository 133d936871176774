"""Convert simdjson's proxies to Python values, and long arrays of numbers to NumPy arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import simdjson

from core.arrays import Array

MAX_KEYS = 100
"""Maximum keys of one object; no request has a third of that."""
MAX_VALUES = 100_000
"""Maximum values that are not numbers of a long array."""
SHORT = 100
"""Up to this many entries an array stays a list: it may be one of names or integers."""


class NeedsStrictParser(Exception):
    """Something in the document needs the strict parser."""


class SimdjsonReader:
    """Counts the arrays met; a string that is the name of an array is that array."""

    def __init__(self, named: Mapping[str, Array] | None = None) -> None:
        self._named = named or {}
        self.arrays = 0
        self._values = 0

    def value(self, node: Any) -> Any:
        """What a node of any kind stands for; raises `NeedsStrictParser`."""
        if isinstance(node, simdjson.Object):
            return self._object(node)
        if isinstance(node, simdjson.Array):
            return self._array(node)
        return self._named.get(node, node) if isinstance(node, str) else node

    def _object(self, node: Any) -> dict[str, Any]:
        if len(node) > MAX_KEYS:
            raise NeedsStrictParser(f"an object has {len(node):,} keys")
        keys = list(node.keys())
        if len(set(keys)) != len(keys):
            raise NeedsStrictParser("a key comes twice")
        if any("\0" in key for key in keys):  # where simdjson would look for what is before it
            raise NeedsStrictParser("a key has a NUL in it")
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
            return self.matrix(node)
        return self.numbers(node, len(node)) if len(node) > SHORT else self._list(node)

    def _list(self, node: Any) -> list[Any]:
        self._count(len(node))
        return [self.value(child) for child in node]

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise NeedsStrictParser(f"it has more than {MAX_VALUES:,} values that are no numbers")

    def matrix(self, node: Any) -> Array:
        """Rows of numbers, as long as each other; raises `NeedsStrictParser`."""
        widths = {len(row) for row in node}  # a number among the rows has no length: TypeError
        if len(widths) != 1:
            raise NeedsStrictParser("the rows of an array have different lengths")
        rows = len(node)
        self.arrays += rows
        return self.numbers(node, rows * widths.pop()).reshape(rows, -1)

    def numbers(self, node: Any, count: int) -> Array:
        """The numbers of a flat array or of rows; raises `NeedsStrictParser`."""
        numbers = np.frombuffer(node.as_buffer(of_type="d"), dtype=np.float64)
        if len(numbers) != count:
            raise NeedsStrictParser("an array of numbers has something else in it")
        return numbers
