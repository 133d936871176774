"""Interval arithmetic on arrays: everything a number can be when its ingredients were rounded.

An interval is closed, [low, high]. The rounding it carries says how an intermediate result inside
one quantity may have been written down (`noted`) and how the quantity itself is (`settled`).
Bounds are floats, not rounded outwards: whoever compares allows for `SLACK` of a unit, which at
up to 10 digits is far more than the floats' own error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.worked.rounding import Rounding

SLACK = 1e-3
_MULTIPLE = 1e-4


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
        return self._with(self.low + low, self.high + high)

    __radd__ = __add__

    def __neg__(self) -> "Interval":
        return self._with(-self.high, -self.low)

    def __sub__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        return self._with(self.low - high, self.high - low)

    def __rsub__(self, other: Any) -> "Interval":
        return -self + other

    def __mul__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        corners = [self.low * low, self.low * high, self.high * low, self.high * high]
        return self._hull(corners)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Interval":
        low, high = _ends(other)
        with np.errstate(all="ignore"):
            corners = [self.low / low, self.low / high, self.high / low, self.high / high]
        quotient = self._hull(corners)
        through_zero = (np.asarray(low) <= 0.0) & (np.asarray(high) >= 0.0)
        return self._with(
            np.where(through_zero, -np.inf, quotient.low),
            np.where(through_zero, np.inf, quotient.high),
        )

    def __matmul__(self, other: "Interval") -> "Interval":
        """Sums of products, each of which may have been noted."""
        left = self._with(self.low[:, :, None], self.high[:, :, None])
        right = self._with(other.low[None, :, :], other.high[None, :, :])
        products = left * right
        return (products.noted() if self.shape[1] > 1 else products).sum(axis=1)

    def __getitem__(self, index: Any) -> "Interval":
        return self._with(np.asarray(self.low[index]), np.asarray(self.high[index]))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return np.shape(self.low)

    @property
    def T(self) -> "Interval":  # noqa: N802  # as NumPy's
        """The axes reversed."""
        return self._with(self.low.T, self.high.T)

    def sum(self, axis: int, keepdims: bool = False) -> "Interval":
        """The sum along an axis."""
        return self._with(
            np.asarray(self.low.sum(axis=axis, keepdims=keepdims)),
            np.asarray(self.high.sum(axis=axis, keepdims=keepdims)),
        )

    def through(self, function: Callable[[Array], Array], turn: float | None = None) -> "Interval":
        """The range of a function that is monotone but for one extremum, at `turn`."""
        with np.errstate(all="ignore"):
            ends = [function(self.low), function(self.high)]
            if turn is not None:
                ends.append(function(np.clip(turn, self.low, self.high)))
        return self._hull(ends)

    def noted(self) -> "Interval":
        """As it may go on after having been written down in between, rounded or not."""
        return self.settled() if self.rounding.each_step else self

    def settled(self) -> "Interval":
        """As it may stand on paper; a number that needs no rounding is only itself."""
        with np.errstate(all="ignore"):
            widest = np.fmax(np.abs(self.low), np.abs(self.high))
            half = self.rounding.half_unit(widest)
            nearest = np.round(self.low / (2.0 * half)) * (2.0 * half)
            off = np.fmax(np.abs(self.low - nearest), np.abs(self.high - nearest))
        exact = off <= _MULTIPLE * half
        return self._with(
            np.where(exact, self.low, self.low - half), np.where(exact, self.high, self.high + half)
        )

    def contains(self, numbers: Float64[Array, "*shape"]) -> Array:
        """Which of the numbers lie inside, give or take `SLACK` of a unit in the last place."""
        with np.errstate(all="ignore"):
            slack = SLACK * self.rounding.half_unit(np.abs(numbers))
        return np.asarray((numbers >= self.low - slack) & (numbers <= self.high + slack))

    def _with(self, low: Array, high: Array) -> "Interval":
        return Interval(np.asarray(low, float), np.asarray(high, float), self.rounding)

    def _hull(self, candidates: Sequence[Array]) -> "Interval":
        # 0 · ∞ is 0 here: the infinite end only says that there is no bound.
        known = [np.where(np.isnan(one), 0.0, one) for one in candidates]
        return self._with(np.minimum.reduce(known), np.maximum.reduce(known))


def _ends(other: Any) -> tuple[Any, Any]:
    if isinstance(other, Interval):
        return other.low, other.high
    number = np.asarray(other, dtype=np.float64)
    return number, number
