"""f - NN on one segment as a function of its own, enclosed with its derivatives."""

from typing import NamedTuple

from flint import arb

from core.approximation.ball_arithmetic.domain import surely_undefined
from core.approximation.ball_arithmetic.enclosure import Enclosure, enclose
from core.approximation.ball_arithmetic.jets import ZERO, Jet
from core.approximation.ball_arithmetic.operators import OPERATORS
from core.approximation.formula.formula import Formula, without_value
from core.approximation.relu.exact_polyline import ExactPolyline
from core.errors import NotFinite


class Chord(NamedTuple):
    """The network on a segment: from `left` on a line with these balls around height and slope."""

    left: float
    right: float
    height: arb
    slope: arb

    @staticmethod
    def of(polyline: ExactPolyline, i: int) -> "Chord":
        """Return segment i of a network in exact arithmetic."""
        height, slope = arb(polyline.heights[i]), arb(polyline.slopes[i])
        return Chord(polyline.x[i], polyline.x[i + 1], height, slope)


class ErrorFunction(NamedTuple):
    """f minus the chord or, with `relative`, that divided by f."""

    function: Formula
    chord: Chord
    relative: bool

    def over(self, left: float, right: float) -> tuple[Jet, Enclosure]:
        """Enclose the deviation on [left, right], and f itself."""
        x = ball(left, right)
        enclosure = enclose(self.function, x)
        return self.of(enclosure.jet, x), enclosure

    def at(self, x: float) -> Jet:
        """Enclose the deviation and its derivatives at one point.

        Raises `NotFinite` where f has no finite value there.
        """
        point = arb(x)
        enclosure = enclose(self.function, point)
        if not enclosure.jet.value.is_finite() or surely_undefined(self.function, enclosure):
            raise NotFinite(without_value(float("nan"), x), ("function",))
        return self.of(enclosure.jet, point)

    def of(self, f: Jet, x: arb) -> Jet:
        """Turn an enclosure of f into one of the deviation."""
        chord = self.chord
        height = chord.height + chord.slope * (x - chord.left)
        difference = OPERATORS["-"](f, Jet(height, chord.slope, ZERO))
        return OPERATORS["/"](difference, f) if self.relative else difference


def ball(left: float, right: float) -> arb:
    """Return the smallest ball that Arb makes around the interval."""
    return arb(left).union(arb(right)) if left < right else arb(left)
