"""Where in one flat array each buffer of a training begins, and samples as panels in it."""

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.nn.parameters import parameter_count
from core.training.compiled.constants import BATCH_X, LANE_BYTES

BLOCK_BYTES = 24 * 1024
"""Of the widest hidden layer's x, for a block of panels to stay in a first-level cache."""
VECTORS = BATCH_X
"""Parameters, and vectors with a number for each of them."""


class Layout:
    """The array, aligned to a cache line, with views of its parts."""

    def __init__(self, sizes: tuple[int, ...], dtype: np.dtype, batch: int) -> None:
        """For batches of at most `batch` samples."""
        self.lanes = lanes = LANE_BYTES // dtype.itemsize
        self.count = parameter_count(sizes)
        self.size = -(-self.count // lanes) * lanes
        self.block = max(1, BLOCK_BYTES // (LANE_BYTES * max(sizes[1:-1] or sizes)))
        """Panels that go forward and backward at once."""
        d_in, d_out, widest = sizes[0], sizes[-1], max(sizes[1:])
        panels = -(-batch // lanes)
        units = [
            (panels, d_in + 1),
            (panels, d_out),
            *[(self.block, widest)] * 2,
            (self.block, d_in + 1),
            (self.block, d_out),
            *((self.block, d + 1) for d in sizes[1:-1]),
            (self.block, d_out),
        ]
        lengths = [self.size] * VECTORS + [count * width * lanes for count, width in units]
        ends = np.cumsum(lengths)
        self.offsets = np.concatenate([[0], ends[:-1]]).astype(np.int64)
        """In the order of the indices in `constants`."""
        self.array = _aligned(int(ends[-1]), dtype)
        # The ones of a hidden layer's x are never written again.
        self.array[...] = 1.0
        self.array[: VECTORS * self.size] = 0.0

    def vector(self, index: int) -> Float[Array, " p"]:
        """A view of the parameters, or of another vector like them."""
        start = self.offsets[index]
        return self.array[start : start + self.count]

    def fill(self, index: int, rows: Float[Array, "samples d"], units: int) -> None:
        """Write samples as panels of `units` units; units beyond those of the rows are 1."""
        panels = -(-len(rows) // self.lanes)
        last = np.minimum(np.arange(panels * self.lanes), len(rows) - 1)
        start = self.offsets[index]
        target = self.array[start : start + panels * units * self.lanes]
        shaped = rows[last].reshape(panels, self.lanes, rows.shape[1]).transpose(0, 2, 1)
        target.reshape(panels, units, self.lanes)[:, : rows.shape[1]] = shaped


def _aligned(length: int, dtype: np.dtype) -> Array:
    spare = LANE_BYTES // dtype.itemsize
    array = np.empty(length + spare, dtype)
    skipped = -(array.ctypes.data // dtype.itemsize) % spare
    return array[skipped : skipped + length]
