"""Random numbers that stay the same in every release, unlike those of NumPy's generators."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from core.arrays import Array

Item = TypeVar("Item")
_RANGE = 2**64


class SeededRandom:
    """Draws from SHA-256 of the seed and a counter; two attempts of one seed share nothing."""

    def __init__(self, *seed: int | str) -> None:
        """Begin at the first lot of a seed."""
        self._seed = "/".join(map(str, seed))
        self._drawn = 0

    def integer(self, low: int, high: int) -> int:
        """One of low, …, high, all equally likely."""
        count = high - low + 1
        while True:
            digest = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
            self._drawn += 1
            number = int.from_bytes(digest[:8], "big")
            # The last, incomplete stretch of the range would favour its numbers.
            if number < _RANGE - _RANGE % count:
                return low + number % count

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.integer(0, len(items) - 1)]

    def tenths(self, shape: tuple[int, ...], most: int) -> Array:
        """Nonzero tenths from -most/10 to most/10."""
        numbers = np.empty(shape)
        for index in np.ndindex(shape):
            numbers[index] = self.one_of((-1, 1)) * self.integer(1, most) / 10
        return numbers
