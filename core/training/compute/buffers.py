"""Room for workspaces that are used one after the other."""

from collections.abc import Sequence
from math import prod

import numpy as np
from jaxtyping import Float

from core.arrays import Array


class Buffers:
    """Room for passes on a number of samples; what is left in it nobody needs after a pass."""

    def __init__(
        self, sizes: Sequence[int], samples: int, dtype: np.dtype, stack: tuple[int, ...] = ()
    ) -> None:
        """For a network of those sizes, or for a stack of so many."""
        self._samples = samples
        self._stack = stack
        self.x = [np.ones((*stack, size + 1, samples), dtype) for size in sizes[1:-1]]
        self.output = np.empty((*stack, sizes[-1], samples), dtype)
        self._room = np.empty((3, prod(stack) * (max(sizes[1:]) + 1) * samples), dtype)

    def delta(self, layer: int, units: int) -> Array:
        """A layer's delta is needed until that of the layer below is there: two take turns."""
        return self._cut(self._room[layer % 2], units)

    def scratch(self, units: int) -> Array:
        """Needed within a layer only."""
        return self._cut(self._room[2], units)

    def _cut(self, room: Array, units: int) -> Array:
        numbers = prod(self._stack) * units * self._samples
        return room[:numbers].reshape(*self._stack, units, self._samples)


class BufferPool:
    """Made when first asked for; what is left in them nobody needs after an iteration or a look."""

    def __init__(self, sizes: Sequence[int], gradient: Float[Array, " p"]) -> None:
        """For networks of those sizes, in the precision of the gradient."""
        self._sizes = sizes
        self._gradient = gradient
        self._part: Array | None = None
        self._buffers: dict[int, Buffers] = {}

    def buffers(self, samples: int) -> Buffers:
        """Room for passes on as many samples."""
        if samples not in self._buffers:
            self._buffers[samples] = Buffers(self._sizes, samples, self._gradient.dtype)
        return self._buffers[samples]

    def partial_gradient(self) -> Float[Array, " p"]:
        """Room for the gradient of some of the samples."""
        if self._part is None:
            self._part = np.empty_like(self._gradient)
        return self._part
