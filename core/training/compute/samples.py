"""Samples laid out for the training loop."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.arrays import Array


@dataclass(frozen=True, eq=False)
class SampleBuffer:
    """x^(0) with a column of ones, (samples, d + 1), and y, (d, samples)."""

    augmented_x: Array
    y: Array

    def __len__(self) -> int:
        return len(self.augmented_x)

    @staticmethod
    def of(x: Array, y: Array, rows: np.ndarray, dtype: np.dtype) -> "SampleBuffer":
        """Those rows of x (·, d^(0)) and y (·, d^(L)); a copy."""
        samples = _room(len(rows), x.shape[1], y.shape[1], dtype)
        samples.augmented_x[:, :-1] = x[rows]
        samples.y[...] = y[rows].T
        return samples

    def blocks(self, most: int) -> list["SampleBuffer"]:
        """Views of `most` samples at most, as equal as can be, in their order."""
        count = -(-len(self) // most)
        ends = [len(self) * number // count for number in range(count + 1)]
        return [self.cut(start, stop) for start, stop in pairwise(ends)]

    def cut(self, start: int, stop: int) -> "SampleBuffer":
        """A view of the samples from `start` to `stop`."""
        return SampleBuffer(self.augmented_x[start:stop], self.y[:, start:stop])

    def empty_like(self, count: int) -> "SampleBuffer":
        """Room for as many samples like these."""
        return _room(count, self.augmented_x.shape[1] - 1, len(self.y), self.y.dtype)

    def gather(self, rows: np.ndarray, into: "SampleBuffer") -> None:
        """Copy those samples."""
        # With "clip" NumPy writes straight into the buffer; all rows are in range.
        self.augmented_x.take(rows, 0, into.augmented_x, "clip")
        self.y.take(rows, 1, into.y, "clip")


def _room(count: int, d_in: int, d_out: int, dtype: np.dtype) -> SampleBuffer:
    return SampleBuffer(np.ones((count, d_in + 1), dtype), np.zeros((d_out, count), dtype))
