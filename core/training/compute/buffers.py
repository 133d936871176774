"""Scratch buffers shared by passes that do not run at the same time."""

from collections.abc import Sequence
from math import prod

import numpy as np
from jaxtyping import Float

from core.arrays import Array


class Buffers:
    """Scratch buffers for a pass; their contents are undefined after it."""

    def __init__(
        self, sizes: Sequence[int], samples: int, dtype: np.dtype, stack: tuple[int, ...] = ()
    ) -> None:
        """Allocate for a network of these sizes, or for a stack of networks."""
        self._samples = samples
        self._stack = stack
        self.x = [np.ones((*stack, size + 1, samples), dtype) for size in sizes[1:-1]]
        self.output = np.empty((*stack, sizes[-1], samples), dtype)
        self._room = np.empty((3, prod(stack) * (max(sizes[1:]) + 1) * samples), dtype)

    def delta(self, layer: int, units: int) -> Array:
        """Two buffers alternate: a layer's delta is needed until that of the layer below exists."""
        return self._cut(self._room[layer % 2], units)

    def scratch(self, units: int) -> Array:
        """A buffer for use within a single layer."""
        return self._cut(self._room[2], units)

    def _cut(self, room: Array, units: int) -> Array:
        numbers = prod(self._stack) * units * self._samples
        return room[:numbers].reshape(*self._stack, units, self._samples)


class BufferPool:
    """Lazily allocated scratch buffers; their contents are undefined after each use."""

    def __init__(self, sizes: Sequence[int], gradient: Float[Array, " p"]) -> None:
        """For networks of these sizes, in the precision of the gradient."""
        self._sizes = sizes
        self._gradient = gradient
        self._part: Array | None = None
        self._buffers: dict[int, Buffers] = {}

    def buffers(self, samples: int) -> Buffers:
        """The buffers for passes on this many samples."""
        if samples not in self._buffers:
            self._buffers[samples] = Buffers(self._sizes, samples, self._gradient.dtype)
        return self._buffers[samples]

    def partial_gradient(self) -> Float[Array, " p"]:
        """A buffer for the gradient of a part of the samples."""
        if self._part is None:
            self._part = np.empty_like(self._gradient)
        return self._part
