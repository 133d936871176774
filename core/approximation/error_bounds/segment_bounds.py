"""Rigorous bounds of f - NN on a segment: curvature where it has a sign, subdivision elsewhere."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from flint import arb

from core.approximation.ball_arithmetic.domain import is_certainly_defined
from core.approximation.ball_arithmetic.jets import Jet, contains_zero
from core.approximation.error_bounds.deviation import ErrorFunction, ball
from core.approximation.error_bounds.singularities import FINEST, is_indivisible

NEWTON_STEPS = 8


class Bounds(NamedTuple):
    """Every value of the deviation lies in [lower, upper], wherever f is defined."""

    lower: float
    upper: float

    def hull(self, other: "Bounds") -> "Bounds":
        """Return the range of both."""
        return Bounds(min(self.lower, other.lower), max(self.upper, other.upper))

    def intersection(self, other: "Bounds") -> "Bounds":
        """Return what two enclosures of the same values leave."""
        return Bounds(max(self.lower, other.lower), min(self.upper, other.upper))


class Piece(NamedTuple):
    """A part of a segment, its range, and whether f is certainly defined and bounded on it."""

    left: float
    right: float
    range: Bounds
    certain: bool


def bound_subintervals(deviation: ErrorFunction, slack: float, budget: int) -> Iterator[Piece]:
    """Bound the deviation on its segment piece by piece, from left to right.

    A piece is cut in halves until its bound exceeds what the deviation reaches at points of the
    segment by at most `slack`, until floats leave nothing to cut, or until `budget` pieces have
    been bounded: those that are left then have the bound they have.
    """
    left, right = deviation.chord.left, deviation.chord.right
    finest = FINEST * (right - left)
    at_left, at_right = deviation.at(left), deviation.at(right)
    reached = hull(at_left.value).hull(hull(at_right.value))
    parts = [(left, right, at_left, at_right)]
    while parts:
        left, right, at_left, at_right = parts.pop()
        budget -= 1
        jet, enclosure = deviation.over(left, right)
        found, touched = _bound(deviation, jet, (left, right), (at_left, at_right), slack)
        reached = reached.hull(touched)
        middle = 0.5 * left + 0.5 * right
        certain = bool(enclosure.jet.value.is_finite()) and is_certainly_defined(
            deviation.function, enclosure, left, right
        )
        tight = found.lower >= reached.lower - slack and found.upper <= reached.upper + slack
        if (tight and certain) or is_indivisible(left, right, finest) or budget <= 0:
            yield Piece(left, right, found, certain)
        else:
            at_middle = deviation.at(middle)
            reached = reached.hull(hull(at_middle.value))
            parts.append((middle, right, at_middle, at_right))
            parts.append((left, middle, at_left, at_middle))


def _bound(
    deviation: ErrorFunction,
    jet: Jet,
    interval: tuple[float, float],
    ends: tuple[Jet, Jet],
    slack: float,
) -> tuple[Bounds, Bounds]:
    """Return a range of the deviation on the interval, and values it reaches inside."""
    left, right = interval
    at_ends = hull(ends[0].value).hull(hull(ends[1].value))
    if not contains_zero(jet.slope):
        return at_ends, at_ends
    if jet.second >= 0:
        return _bound_convex(deviation, 1, interval, ends, slack)
    if jet.second <= 0:
        return _bound_convex(deviation, -1, interval, ends, slack)
    middle = 0.5 * left + 0.5 * right
    at_middle = deviation.at(middle)
    step = ball(left, right) - middle
    taylor = [
        jet.value,
        at_middle.value + jet.slope * step,
        at_middle.value + step * (at_middle.slope + jet.second * step),
    ]
    found = Bounds(-np.inf, np.inf)
    for value in taylor:
        found = found.intersection(hull(value))
    return found, hull(at_middle.value)


def _bound_convex(
    deviation: ErrorFunction,
    sign: int,
    interval: tuple[float, float],
    ends: tuple[Jet, Jet],
    slack: float,
) -> tuple[Bounds, Bounds]:
    """Bound g = sign · deviation, which is convex: by its ends above, by a tangent below.

    Every tangent g(t) + g′(t)(x - t) is a lower bound; Newton's method finds the lowest point,
    where the tangent bound is exact.
    """
    left, right = interval
    at_ends = hull(ends[0].value).hull(hull(ends[1].value))
    low, high, reached = left, right, at_ends
    slopes = [sign * float(end.slope.mid()) for end in ends]
    below = -np.inf
    t = _zero_between(low, high, *slopes)
    for _ in range(NEWTON_STEPS):
        at_t = deviation.at(t)
        value, slope = sign * at_t.value, sign * at_t.slope
        reached = reached.hull(hull(at_t.value))
        below = max(below, hull(value + slope * (ball(left, right) - t)).lower)
        if hull(value).lower - below <= 0.1 * slack:
            break
        if slope > 0:
            high = t
        else:
            low = t
        newton = t - float(slope.mid()) / (2.0 * sign * float(at_t.second.mid()) or 1.0)
        t = newton if low < newton < high else 0.5 * low + 0.5 * high
    if sign > 0:
        return Bounds(below, at_ends.upper), reached
    return Bounds(at_ends.lower, -below), reached


def _zero_between(left: float, right: float, at_left: float, at_right: float) -> float:
    """Return where a linear slope vanishes, at an end if it does not, the middle if unknown."""
    if at_left >= 0.0:
        return left
    if at_right <= 0.0:
        return right
    share = at_left / (at_left - at_right)
    return left + (right - left) * share if share == share else 0.5 * left + 0.5 * right


def hull(value: arb) -> Bounds:
    """Return the ends of a ball as floats, infinite where there are none."""
    if not value.is_finite():
        return Bounds(-np.inf, np.inf)
    return Bounds(float(value.lower()), float(value.upper()))
