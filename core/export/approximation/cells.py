"""Equal cells between the first and the last breakpoint, for a lookup in constant time."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.arrays import Array

MAX_CELLS_PER_BREAKPOINT = 16
MAX_CELLS = 2**20


@dataclass(frozen=True, eq=False)
class Cells:
    """Cell of x: floor((x - b_1) scale), from 0 to the last one."""

    scale: float
    first: Array
    """The number of breakpoints in the cells before each."""
    steps: tuple[int, ...]
    """How far each comparison goes on: powers of 2, the largest first, whose sum is at least the
    number of breakpoints in any cell."""

    @property
    def padding(self) -> int:
        """How many entries behind the last segment a comparison may read."""
        return sum(self.steps)


def cells_of(breakpoints: Float64[Array, "m"]) -> Cells:
    """The fewest cells, from 1 per breakpoint and doubled, that hold one breakpoint each.

    Where the breakpoints are too unequal for that, `MAX_CELLS_PER_BREAKPOINT` cells per breakpoint,
    with as many comparisons as the fullest cell needs.
    """
    m = len(breakpoints)
    count = 1 << (m - 1).bit_length()
    limit = min(MAX_CELLS_PER_BREAKPOINT * count, MAX_CELLS)
    while True:
        cells = _with_count(breakpoints, count)
        if len(cells.steps) <= 1 or 2 * count > limit:
            return cells
        count *= 2


def _with_count(breakpoints: Array, count: int) -> Cells:
    with np.errstate(all="ignore"):
        scale = float(count / (breakpoints[-1] - breakpoints[0]))
    if not (0.0 < scale < np.inf):
        scale = 0.0  # a single breakpoint, or all too near or too far: one cell
    # Rounding keeps the order: x in a cell is above all breakpoints of the cells before, and below
    # those of the cells after, because the cell of x comes from the same operations.
    places = np.clip((breakpoints - breakpoints[0]) * scale, 0.0, count - 1)
    held = np.bincount(places.astype(np.intp), minlength=count)
    return Cells(scale=scale, first=np.cumsum(held) - held, steps=_steps(int(held.max())))


def _steps(most: int) -> tuple[int, ...]:
    """Powers of 2 from the largest to 1 by which a search finds one of `most` + 1 places."""
    return tuple(1 << power for power in reversed(range(most.bit_length())))
