"""Functions of one number that every arithmetic understands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from core.arrays import Array
from core.solutions.calculation.intervals.interval import Interval

Numbers = Any
"""An array of `Decimal`, or an `Interval`: whatever adds, multiplies and sums."""


DUST = Decimal("2e-15")
"""The share of a sum's terms that may be rounding: of given floats, and of 40 digits."""


@dataclass(frozen=True, eq=False)
class Function:
    """One function, for a `Decimal` and for the ends of intervals.

    `chain` are the monotone functions on floats that make it up, applied first to last; between two
    of them an intermediate result may have been rounded. A chain of one may have an extremum,
    `turn`, and `inside` gives from x and half a unit the error that rounding inside the function
    adds.
    """

    of_decimal: Callable[[Decimal], Decimal]
    chain: tuple[Callable[[Array], Array], ...]
    turn: float | None = None
    inside: Callable[[Array, Callable[[Array], Array]], Array] | None = None

    def __call__(self, numbers: Numbers) -> Numbers:
        """Number by number."""
        if not isinstance(numbers, Interval):
            return each(self.of_decimal, numbers)
        for function in self.chain[:-1]:
            numbers = numbers.through(function).noted()
        result = numbers.through(self.chain[-1], self.turn)
        if self.inside is None or not numbers.rounding.changes_carried:
            return result
        half = numbers.rounding.step_error
        with np.errstate(all="ignore"):
            errors = (self.inside(np.asarray(end), half) for end in (numbers.low, numbers.high))
            return result.widened(np.maximum(*errors))


def each(function: Callable[[Decimal], Decimal | bool], numbers: Array) -> Array:
    """The function of every `Decimal` of an array."""
    return np.asarray(np.frompyfunc(function, 1, 1)(numbers), dtype=object)


def noted(numbers: Numbers) -> Numbers:
    """Mark an intermediate result that may be written down, rounded or not."""
    return numbers.noted() if isinstance(numbers, Interval) else numbers


def without_dust(total: Numbers, terms: Sequence[Numbers]) -> Numbers:
    """The sum `total` of the terms; 0 where their digits cancel but for the rounding of them.

    By hand 3 · ⅓ - 1 is 0; with the digits of floats it is not.
    """
    if isinstance(total, Interval):
        return total
    scale = sum((abs(term) for term in terms), Decimal(0))
    return total if abs(total) > DUST * scale else Decimal(0)


def stacked(numbers: Sequence[Numbers]) -> Numbers:
    """Scalars of one arithmetic as a vector."""
    first = numbers[0]
    if isinstance(first, Interval):
        low, high = ([float(getattr(one, end)) for one in numbers] for end in ("low", "high"))
        return Interval(np.array(low), np.array(high), first.rounding)
    return np.array([np.asarray(number).item() for number in numbers], dtype=object)


SQUARE = Function(lambda number: number * number, (np.square,), turn=0.0)
LOGARITHM = Function(lambda number: number.ln(), (lambda x: np.log(np.maximum(x, 0.0)),))
ABSOLUTE = Function(abs, (np.abs,), turn=0.0)
EXPONENTIAL = Function(lambda number: number.exp(), (np.exp,))


def tangent(numbers: Numbers) -> Numbers:
    """The tangent, which only a mistake computes, by floats; undefined across a pole."""
    if not isinstance(numbers, Interval):
        return each(lambda number: Decimal(repr(float(np.tan(float(number))))), numbers)
    low, high = (np.floor(end / np.pi + 0.5) for end in (numbers.low, numbers.high))
    # Between two poles it rises.
    rising = numbers.through(lambda end: np.where(low == high, np.tan(end), np.nan))
    return Interval(
        np.where(low == high, rising.low, np.nan),
        np.where(low == high, rising.high, np.nan),
        numbers.rounding,
    )
