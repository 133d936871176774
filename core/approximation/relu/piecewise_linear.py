"""Piecewise linear functions, evaluated at many points by a table of equal cells.

A cell is where a point falls after one multiplication. Most cells hold at most one breakpoint, so a
table access and one comparison give the segment; the few points in crowded cells are found by
bisection. The arrays are worked through in blocks that stay in the cache.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from core.arrays import Array

BLOCK = 16384
CELLS_PER_BREAKPOINT = 16
FEW_CELLS = 2**18


class _Cells(NamedTuple):
    """What is looked up; the last segment of the extended arrays stands for a crowded cell."""

    scale: float
    last: int
    first: Array
    ends: Array
    anchors: Array
    values: Array
    slopes: Array


@dataclass(frozen=True, eq=False)
class PiecewiseLinear:
    """On segment j, from breakpoint j to the next: values_j + slopes_j (x - anchors_j).

    Segment 0 lies left of all breakpoints. A breakpoint belongs to the segment on its right.
    `breakpoints` increase strictly.
    """

    breakpoints: Float64[Array, "m"]
    anchors: Float64[Array, "m+1"]
    values: Float64[Array, "m+1"]
    slopes: Float64[Array, "m+1"]

    def __call__(self, x: Float64[Array, "*axes"]) -> Float64[Array, "*axes"]:
        """Return the value at every x; one that leaves the floats is ±inf, that of NaN is NaN.

        Infinite x have no value here: they give NaN where the outer slope is 0.
        """
        result = np.empty(x.shape)
        flat_x, flat_result = x.reshape(-1), result.reshape(-1)
        scratch = np.empty((2, min(BLOCK, flat_x.size)))
        index = np.empty((2, min(BLOCK, flat_x.size)), dtype=np.intp)
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, flat_x.size, BLOCK):
                block = flat_x[start : start + BLOCK]
                size = block.size
                self._evaluate(
                    block, flat_result[start : start + size], scratch[:, :size], index[:, :size]
                )
        return result

    def _evaluate(self, x: Array, out: Array, scratch: Array, index: Array) -> None:
        cells = self._cells
        (offset, looked_up), (cell, j) = scratch, index
        np.subtract(x, self.breakpoints[0], out=offset)
        np.multiply(offset, cells.scale, out=offset)
        np.minimum(offset, cells.last, out=offset)
        np.copyto(cell, offset, casting="unsafe")
        # Left of the first breakpoint a cell number is negative: "clip" makes it 0.
        cells.first.take(cell, out=j, mode="clip")
        cells.ends.take(j, out=looked_up, mode="clip")
        j += x >= looked_up
        cells.anchors.take(j, out=looked_up, mode="clip")
        np.subtract(x, looked_up, out=offset)
        cells.slopes.take(j, out=looked_up, mode="clip")
        np.multiply(offset, looked_up, out=offset)
        cells.values.take(j, out=looked_up, mode="clip")
        np.add(offset, looked_up, out=out)
        crowded = np.isnan(out)
        if crowded.any():
            out[crowded] = self._bisected(x[crowded])

    def _bisected(self, x: Array) -> Array:
        j = np.searchsorted(self.breakpoints, x, side="right")
        return np.asarray(self.values[j] + self.slopes[j] * (x - self.anchors[j]))

    @cached_property
    def _cells(self) -> _Cells:
        m = len(self.breakpoints)
        count = min(CELLS_PER_BREAKPOINT * m, max(2 * m, FEW_CELLS))
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            scale = count / (self.breakpoints[-1] - self.breakpoints[0])
            # One breakpoint, or all so near or so far that no scale is left: all is one cell.
            scale = scale if np.isfinite(scale) else np.float64(0.0)
            # The same operations as for x, so that rounding moves both into the same cell.
            offsets = np.minimum((self.breakpoints - self.breakpoints[0]) * scale, count)
            offsets = offsets if scale > 0.0 else np.zeros_like(offsets)
        held = np.bincount(offsets.astype(np.intp), minlength=count + 1)
        first = np.cumsum(held) - held
        return _Cells(
            scale=float(scale),
            last=count,
            first=np.where(held > 1, m + 1, first),
            ends=np.append(self.breakpoints, [np.inf, np.inf]),
            anchors=np.append(self.anchors, 0.0),
            values=np.append(self.values, np.nan),
            slopes=np.append(self.slopes, 0.0),
        )
