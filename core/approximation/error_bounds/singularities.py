"""Where a formula is not surely defined and bounded: poles, holes, and what cannot be decided."""

from typing import NamedTuple

import numpy as np

from core.approximation.ball_arithmetic.domain import is_certainly_defined, surely_undefined
from core.approximation.ball_arithmetic.enclosure import enclose
from core.approximation.error_bounds.deviation import ball
from core.approximation.formula.formula import Formula, without_value
from core.errors import NotFinite

POLE = 1e6
MAX_PIECES = 4000
# Intervals are halved down to the first share of |x|, the resolution of floats, or the second share
# of the interval.
TINY, FINEST = 2.0**-50, 2.0**-60
NOT_REACHED = "the search for poles ended before it reached this interval"


class UnprovedInterval(NamedTuple):
    """An interval on which there is no proof, or the floats beside a jump, and why."""

    left: float
    right: float
    reason: str


def find_singularities(
    function: Formula, interval: tuple[float, float]
) -> tuple[UnprovedInterval, ...]:
    """Prove that f is defined and bounded on the interval, except for the gaps returned.

    Raises `NotFinite` at a pole, and at a point where f is surely not defined.
    """
    gaps: list[UnprovedInterval] = []
    parts = [interval]
    finest = FINEST * (interval[1] - interval[0])
    for _ in range(MAX_PIECES):
        if not parts:
            break
        left, right = parts.pop()
        enclosure = enclose(function, ball(left, right))
        bounded = bool(enclosure.jet.value.is_finite())
        if bounded and is_certainly_defined(function, enclosure, left, right):
            continue
        if surely_undefined(function, enclosure):
            raise NotFinite(f"f is not defined between x = {left} and x = {right}", ("function",))
        if is_indivisible(left, right, finest):
            gaps.append(gap_at(function, left, right, bounded))
        else:
            middle = 0.5 * left + 0.5 * right
            parts += [(middle, right), (left, middle)]
    gaps.extend(UnprovedInterval(*part, NOT_REACHED) for part in parts)
    return merged(gaps)


def is_indivisible(left: float, right: float, finest: float) -> bool:
    """Return whether an interval is too small to be cut in halves."""
    smallest = max(finest, TINY * max(abs(left), abs(right)))
    return right - left <= smallest or not left < 0.5 * left + 0.5 * right < right


def gap_at(function: Formula, left: float, right: float, bounded: bool) -> UnprovedInterval:
    """Say what is wrong with a tiny interval on which f is not surely defined and bounded.

    Raises `NotFinite` where it is a pole or a point outside the domain.
    """
    x = np.linspace(left, right, 5)
    values = function(x)
    bad = ~np.isfinite(values)
    if bad.any():
        i = int(np.argmax(bad))
        raise NotFinite(without_value(values[i], x[i]), ("function",))
    beside = float(np.abs(values[[0, -1]]).max())
    if not bounded and beside > POLE:
        raise NotFinite(
            f"f has a pole near x = {x[2]}, where |f(x)| is {beside:.3g}", ("function",)
        )
    reason = "f may be undefined here" if bounded else "f may be undefined or unbounded here"
    return UnprovedInterval(left, right, reason)


def merged(gaps: list[UnprovedInterval]) -> tuple[UnprovedInterval, ...]:
    """Join gaps that touch and have the same reason."""
    joined: list[UnprovedInterval] = []
    for gap in gaps:
        if joined and joined[-1].right == gap.left and joined[-1].reason == gap.reason:
            joined.append(UnprovedInterval(joined.pop().left, gap.right, gap.reason))
        else:
            joined.append(gap)
    return tuple(joined)
