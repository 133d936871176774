"""What errors do to the ends of intervals: those of floats, and those of rounding on paper."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from core.solutions.rounding import Rounding

End = Any
"""An array of floats, or a single one: NumPy makes these of arrays without axes."""
Ends = tuple[End, End]

GUARD = 0.111
"""Of half a unit: what rounding to one, then to two, then to three more digits adds at most."""
SLACK = 1e-3
"""Of half a unit: a number on paper was read as a float, whose own error must not count."""
_MULTIPLE = 1e-4
_ULP = 2.0 * np.finfo(np.float64).eps
_SMALLEST = np.finfo(np.float64).smallest_subnormal


def outward(low: End, high: End) -> Ends:
    """Ends that one operation, or a function good to two units in the last place, has computed."""
    return _moved(low, -1.0), _moved(high, 1.0)


def _moved(end: End, direction: float) -> End:
    with np.errstate(all="ignore"):
        moved = end + direction * (_ULP * np.abs(end) + _SMALLEST)
        return np.where(np.isfinite(end), moved, end)


def hull(candidates: Sequence[End]) -> Ends:
    """The least and the greatest, moved outwards."""
    # 0 · ∞ is 0 here: an infinite end means: no bound.
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
            error = error + terms * rounding.step_error(widest)
        return outward(
            low.sum(axis=axis, keepdims=keepdims) - error,
            high.sum(axis=axis, keepdims=keepdims) + error,
        )


def rounds_sums(rounding: Rounding) -> bool:
    """Whether a sum of rounded numbers has to be rounded: decimals do not become more."""
    return rounding.changes_carried and rounding.kind == "significant_digits"


def after_intermediate_rounding(low: End, high: End, rounding: Rounding) -> Ends:
    """The range after an intermediate result may have been written down and rounded."""
    if rounding.style == "guarded":
        return low - rounding.step_error(np.abs(low)), high + rounding.step_error(np.abs(high))
    if rounding.style == "cut" and not rounding.each_step:
        return low, high
    if rounding.style == "cut":
        return np.minimum(low, _cut(low, rounding)), np.maximum(high, _cut(high, rounding))
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


def _cut(end: End, rounding: Rounding) -> End:
    """Without the digits beyond the last one that is kept."""
    with np.errstate(all="ignore"):
        unit = 2.0 * rounding.half_unit(np.abs(end))
        return np.asarray(np.trunc(end / unit + _MULTIPLE * np.sign(end)) * unit)


def preimage(values: End, half: End, rounding: Rounding) -> Ends:
    """What may have been computed where `values` stand, `half` a unit of their last digits."""
    slack = SLACK * half
    if rounding.style == "cut":
        # Cutting moves towards zero.
        return (
            np.where(values > 0.0, values, values - 2.0 * half) - slack,
            np.where(values < 0.0, values, values + 2.0 * half) + slack,
        )
    # A number with guard digits has been rounded twice.
    reach = half * (1.0 + GUARD if rounding.style == "guarded" else 1.0) + slack
    return values - reach, values + reach


def agrees(low: End, high: End, values: End, half: End, rounding: Rounding) -> End:
    """Where `values` may stand for a number in [low, high]; exact numbers leave no choice."""
    with np.errstate(all="ignore"):
        lowest, highest = preimage(values, half, rounding)
        possible = (lowest <= high) & (highest >= low)
        nearest = np.round(low / (2.0 * half)) * (2.0 * half)
        off = np.fmax(np.abs(low - nearest), np.abs(high - nearest))
        same = np.abs(values - nearest) <= np.fmax(off, SLACK * half)
        # Cutting makes the next lower number of all but a number that is exact.
        exact = off <= (SLACK if rounding.style == "cut" else 1.0) * _MULTIPLE * half
        return np.where(exact, same, possible)


def after_final_rounding(low: End, high: End, half: End) -> Ends:
    """What may stand on paper: `half` a unit to either side, but exact numbers as they are."""
    with np.errstate(all="ignore"):
        below, above = half, half
        nearest = np.round(low / (2.0 * below)) * (2.0 * below)
        off = np.fmax(np.abs(low - nearest), np.abs(high - nearest))
    exact = off <= _MULTIPLE * below
    return np.where(exact, low, low - below), np.where(exact, high, high + above)
