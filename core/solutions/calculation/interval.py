"""Interval arithmetic on arrays: everything a number can be when its ingredients were rounded.

An interval is closed, [low, high], and every operation moves its ends outwards by more than the
floats' own error. The rounding it carries says how an intermediate result inside one quantity may
have been written down (`noted`) and how the quantity itself is (`settled`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.solutions.calculation import interval_rounding
from core.solutions.rounding import Rounding


@dataclass(frozen=True, eq=False)
class Interval:
    """[low, high] for every number of an array; Moore, Interval Analysis, 1966, chapter 2."""

    low: Float64[Array, "*shape"]
    high: Float64[Array, "*shape"]
    rounding: Rounding

    # NumPy must leave `array - interval` to us.
    __array_ufunc__ = None

    def __add__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(invalid="ignore"):
            return self._with(interval_rounding.outward(self.low + low, self.high + high))

    __radd__ = __add__

    def __neg__(self) -> "Interval":
        return self._with((-self.high, -self.low))

    def __sub__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(invalid="ignore"):
            return self._with(interval_rounding.outward(self.low - high, self.high - low))

    def __rsub__(self, other: Any) -> "Interval":
        return -self + other

    def __mul__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(invalid="ignore"):
            corners = [self.low * low, self.low * high, self.high * low, self.high * high]
        return self._with(interval_rounding.hull(corners))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(all="ignore"):
            corners = [self.low / low, self.low / high, self.high / low, self.high / high]
        least, most = interval_rounding.hull(corners)
        through_zero = (np.asarray(low) <= 0.0) & (np.asarray(high) >= 0.0)
        return self._with(
            (np.where(through_zero, -np.inf, least), np.where(through_zero, np.inf, most))
        )

    def __matmul__(self, other: "Interval") -> "Interval":
        """Sums of products, each of which may have been noted; `ValueError` as with arrays."""
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"{self.shape} @ {other.shape}")
        products = self[:, :, None] * other[None, :, :]
        total = (products.noted() if self.shape[1] > 1 else products).sum(axis=1)
        return total.noted() if interval_rounding.rounds_sums(self.rounding) else total

    def __getitem__(self, index: Any) -> "Interval":
        return self._with((self.low[index], self.high[index]))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return np.shape(self.low)

    @property
    def T(self) -> "Interval":  # noqa: N802  # as NumPy's
        """The axes reversed."""
        return self._with((self.low.T, self.high.T))

    def swapaxes(self, one: int, other: int) -> "Interval":
        """Two axes exchanged."""
        return self._with((np.swapaxes(self.low, one, other), np.swapaxes(self.high, one, other)))

    def sum(self, axis: int, keepdims: bool = False) -> "Interval":
        """The sum along an axis."""
        return self._with(
            interval_rounding.summed(self.low, self.high, axis, keepdims, self.rounding)
        )

    def through(self, function: Callable[[Array], Array], turn: float | None = None) -> "Interval":
        """The range of a function that is monotone but for one extremum, at `turn`."""
        with np.errstate(all="ignore"):
            ends = [function(self.low), function(self.high)]
            if turn is not None:
                ends.append(function(np.clip(turn, self.low, self.high)))
        return self._with(interval_rounding.hull(ends))

    def noted(self) -> "Interval":
        """As it may go on after having been written down in between, rounded or not."""
        if not self.rounding.each_step:
            return self
        return self._with(
            interval_rounding.after_intermediate_rounding(self.low, self.high, self.rounding)
        )

    def settled(self) -> "Interval":
        """What may stand on paper: half a unit to either side, but exact numbers as they are."""
        return self._with(
            interval_rounding.after_final_rounding(self.low, self.high, self.rounding)
        )

    def widened(self, by: Any) -> "Interval":
        """With both ends moved outwards."""
        return self._with((self.low - by, self.high + by))

    def cut_off(self) -> "Interval":
        """As it may stand on paper, half a unit aside, when digits are cut off and not rounded."""
        half = self.rounding.half_unit(np.fmax(np.abs(self.low), np.abs(self.high)))
        return self._with(
            (self.low - half * np.sign(self.low), self.high - half * np.sign(self.high))
        )

    def contains(self, numbers: Float64[Array, "*shape"]) -> Array:
        """Which of the numbers lie inside, give or take `SLACK` of half a unit."""
        with np.errstate(all="ignore"):
            slack = interval_rounding.SLACK * self.rounding.half_unit(np.abs(numbers))
        return np.asarray((numbers >= self.low - slack) & (numbers <= self.high + slack))

    def _with(self, ends: tuple[Any, Any]) -> "Interval":
        return between(*ends, self.rounding)


def between(low: Any, high: Any, rounding: Rounding) -> Interval:
    """The interval between two arrays or two single numbers."""
    return Interval(np.asarray(low, np.float64), np.asarray(high, np.float64), rounding)


def nearest(numbers: Float64[Array, "*shape"], rounding: Rounding) -> Interval:
    """The decimals that became these floats: each within one unit of its last place."""
    return between(np.nextafter(numbers, -np.inf), np.nextafter(numbers, np.inf), rounding)


def _ends(other: Any) -> tuple[Any, Any]:
    if isinstance(other, Interval):
        return other.low, other.high
    number = np.asarray(other, dtype=np.float64)
    return number, number
