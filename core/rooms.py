"""Room for workspaces that are used one after the other."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.passes import Buffers


class Rooms:
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

    def part(self) -> Float[Array, " p"]:
        """Room for the gradient of some of the samples."""
        if self._part is None:
            self._part = np.empty_like(self._gradient)
        return self._part
