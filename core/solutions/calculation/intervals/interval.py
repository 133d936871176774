"""Interval arithmetic on arrays: everything a number can be when its ingredients were rounded.

An interval is closed, [low, high], and every operation moves its ends outwards by more than the
floats' own error. The rounding it carries says how an intermediate result inside one quantity may
have been written down (`noted`) and how the quantity itself is (`settled`). What is undefined, as
the logarithm of a number that is not positive, has NaN for its ends: no number agrees with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.solutions.calculation.intervals import rounding as interval_rounding
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
        return self._defined(interval_rounding.hull(corners), other=low)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(all="ignore"):
            corners = [self.low / low, self.low / high, self.high / low, self.high / high]
        least, most = interval_rounding.hull(corners)
        # Beyond an end that is zero there is no bound; through zero there is no quotient.
        touches = (low == 0.0) | (high == 0.0)
        above, below = touches & (high > 0.0), touches & (low < 0.0)
        turned = self.low < 0.0
        most = np.where(above & ~(self.high <= 0.0) | below & turned, np.inf, most)
        least = np.where(above & turned | below & ~(self.high <= 0.0), -np.inf, least)
        through = (low < 0.0) & (high > 0.0) | (low == 0.0) & (high == 0.0)
        ends = np.where(through, np.nan, least), np.where(through, np.nan, most)
        return self._defined(ends, other=low)

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
        return self._defined(interval_rounding.hull(ends))

    def noted(self) -> "Interval":
        """The range after an intermediate result may have been written down and rounded."""
        if not self.rounding.changes_carried:
            return self
        return self._with(
            interval_rounding.after_intermediate_rounding(self.low, self.high, self.rounding)
        )

    def settled(self, half: Any) -> "Interval":
        """What may stand on paper: `half` a unit to either side, but exact numbers as they are."""
        return self._with(interval_rounding.after_final_rounding(self.low, self.high, half))

    def widened(self, by: Any) -> "Interval":
        """With both ends moved outwards."""
        return self._with((self.low - by, self.high + by))

    def agrees(self, values: Float64[Array, "*shape"], half: Float64[Array, "*shape"]) -> Array:
        """Which of the numbers may stand on paper for this, with `half` a unit of their digits."""
        return np.asarray(
            interval_rounding.agrees(self.low, self.high, values, half, self.rounding)
        )

    @property
    def bounded(self) -> Array:
        """Where both ends are numbers: nothing else is evidence for anything."""
        return np.asarray(np.isfinite(self.low) & np.isfinite(self.high))

    def _defined(self, ends: tuple[Any, Any], other: Any = 0.0) -> "Interval":
        """The ends, or none where an operand is undefined."""
        undefined = np.isnan(self.low) | np.isnan(other)
        low, high = (np.where(undefined, np.nan, end) for end in ends)
        return self._with((low, high))

    def _with(self, ends: tuple[Any, Any]) -> "Interval":
        return between(*ends, self.rounding)


def between(low: Any, high: Any, rounding: Rounding) -> Interval:
    """The interval between two arrays or two single numbers."""
    return Interval(np.asarray(low, np.float64), np.asarray(high, np.float64), rounding)


def nearest(numbers: Float64[Array, "*shape"], rounding: Rounding) -> Interval:
    """The decimals that became these floats: each within one unit of its last place."""
    low, high = np.nextafter(numbers, -np.inf), np.nextafter(numbers, np.inf)
    # Zero is exact in either.
    return between(
        np.where(numbers == 0.0, 0.0, low), np.where(numbers == 0.0, 0.0, high), rounding
    )


def _ends(other: Any) -> tuple[Any, Any]:
    if isinstance(other, Interval):
        return other.low, other.high
    number = np.asarray(other, dtype=np.float64)
    return number, number
