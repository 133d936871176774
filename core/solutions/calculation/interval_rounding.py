"""What errors do to the ends of intervals: those of floats, and those of rounding on paper."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.solutions.rounding import Rounding

End = Any
"""An array of floats, or a single one: NumPy makes these of arrays without axes."""
Ends = tuple[End, End]

SLACK = 1e-3
"""Of half a unit: a number on paper was read as a float, whose own error must not count."""
_MULTIPLE = 1e-4
_ULP = 2.0 * np.finfo(np.float64).eps
_SMALLEST = np.finfo(np.float64).smallest_subnormal


def outward(low: End, high: End) -> Ends:
    """Ends that one operation, or a function good to two units in the last place, has computed."""
    # ∞ - ∞ says nothing about where the number is.
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    return _moved(low, -1.0), _moved(high, 1.0)


def _moved(end: End, direction: float) -> End:
    with np.errstate(all="ignore"):
        return np.where(np.isfinite(end), end + direction * (_ULP * np.abs(end) + _SMALLEST), end)


def hull(candidates: Sequence[End]) -> Ends:
    """The least and the greatest, moved outwards."""
    # 0 · ∞ is 0 here: the infinite end only says that there is no bound.
    known = [np.where(np.isnan(one), 0.0, one) for one in candidates]
    return outward(np.minimum.reduce(known), np.maximum.reduce(known))


def summed(low: End, high: End, axis: int, keepdims: bool, rounding: Rounding) -> Ends:
    """The sum along an axis, whose partial sums may have been written down."""
    terms = low.shape[axis] - 1
    with np.errstate(all="ignore"):
        widest = np.fmax(np.abs(low), np.abs(high)).sum(axis=axis, keepdims=keepdims)
        # The error of a sum is that of its terms, however much of them cancels.
        error = _ULP * (terms + 1) * widest
        if rounds_sums(rounding):
            error = error + terms * rounding.half_unit(widest)
        return outward(
            low.sum(axis=axis, keepdims=keepdims) - error,
            high.sum(axis=axis, keepdims=keepdims) + error,
        )


def rounds_sums(rounding: Rounding) -> bool:
    """Whether a sum of rounded numbers has to be rounded: decimals do not become more."""
    return rounding.each_step and rounding.kind == "significant_digits"


def after_intermediate_rounding(low: End, high: End, rounding: Rounding) -> Ends:
    """As a number may go on after having been written down in between, rounded or not."""
    # Rounding keeps order, so the rounded ends bound all that is between.
    return (
        np.minimum(low, _rounded(low, np.ceil, -0.5, rounding)),
        np.maximum(high, _rounded(high, np.floor, 0.5, rounding)),
    )


def _rounded(end: End, towards: Callable[[End], End], half: float, rounding: Rounding) -> End:
    """Rounded, halves away from the interval."""
    with np.errstate(all="ignore"):
        unit = 2.0 * rounding.half_unit(np.abs(end))
        return np.asarray(towards(end / unit + half * (1.0 + _MULTIPLE)) * unit)


def after_final_rounding(low: End, high: End, rounding: Rounding) -> Ends:
    """What may stand on paper: half a unit to either side, but exact numbers as they are."""
    with np.errstate(all="ignore"):
        below, above = rounding.half_unit(np.abs(low)), rounding.half_unit(np.abs(high))
        nearest = np.round(low / (2.0 * below)) * (2.0 * below)
        off = np.fmax(np.abs(low - nearest), np.abs(high - nearest))
    exact = off <= _MULTIPLE * below
    return np.where(exact, low, low - below), np.where(exact, high, high + above)
