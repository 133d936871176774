"""Expressions in JME, the language of Numbas, for the least and the largest value of a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce


@dataclass(frozen=True)
class Bounds:
    """Two expressions, `low` ≤ `high`; the same for a number that is known exactly."""

    low: str
    high: str

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(f"({self.low} + {other.low})", f"({self.high} + {other.high})")

    def __sub__(self, other: "Bounds") -> "Bounds":
        return Bounds(f"({self.low} - {other.high})", f"({self.high} - {other.low})")

    def __mul__(self, other: "Bounds") -> "Bounds":
        pairs = {f"{a} * {b}" for a in self.ends for b in other.ends}
        return _spanning(sorted(pairs))

    def __truediv__(self, other: "Bounds") -> "Bounds":
        pairs = {f"{a} / {b}" for a in self.ends for b in other.ends}
        return _spanning(sorted(pairs))

    @property
    def ends(self) -> tuple[str, ...]:
        """The different ones of the two expressions."""
        return (self.low,) if self.low == self.high else (self.low, self.high)

    def rising(self, function: Callable[[str], str]) -> "Bounds":
        """The values of a function that never falls."""
        return Bounds(function(self.low), function(self.high))

    def falling(self, function: Callable[[str], str]) -> "Bounds":
        """The values of a function that never rises."""
        return Bounds(function(self.high), function(self.low))


def known(number: str) -> Bounds:
    """A number of the sheet."""
    exact = f"({number})"
    return Bounds(exact, exact)


def written(variable: str) -> Bounds:
    """A number that has been written down: up to `u_…` away from what was computed."""
    return Bounds(f"({variable} - u_{variable})", f"({variable} + u_{variable})")


def at_points(variable: str, function: Callable[[str], str]) -> Bounds:
    """The values of a smooth function of a written number, from three points."""
    bounds = written(variable)
    return _spanning([function(point) for point in (bounds.low, variable, bounds.high)])


def total(terms: Sequence[Bounds]) -> Bounds:
    """The sum of one or more terms."""
    return reduce(lambda left, right: left + right, terms)


def _spanning(values: Sequence[str]) -> Bounds:
    if len(values) == 1:
        exact = f"({values[0]})"
        return Bounds(exact, exact)
    listed = ", ".join(values)
    return Bounds(f"min([{listed}])", f"max([{listed}])")
