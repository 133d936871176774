"""What can be said about a number that was computed by hand."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.intervals.interval import Interval
from core.solutions.calculation.quantity import Quantity
from core.solutions.checking.written_numbers import WrittenNumbers


class Verdict(StrEnum):
    """The five judgements."""

    CORRECT = "correct"
    COARSE = "coarse"
    """Right to its own digits, which are fewer than asked for."""
    FOLLOWS = "follows"
    """Right, given an earlier number of the student's that is not."""
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, eq=False)
class JudgedQuantity:
    """One quantity, number by number; all arrays have its shape."""

    quantity: Quantity
    written: WrittenNumbers
    """What was handed in; NaN where nothing was."""
    half: Array
    """Half a unit of the last digit by which each number is judged."""
    verdicts: Array
    """A `Verdict` for each number."""
    local: Interval
    """What follows from the numbers handed in before it."""
    allowed: Interval
    """What the stated rounding allows, given the numbers handed in before."""
    expected: Array
    """The `Decimal` that should stand there, given those; not finite where there is none."""
    strayed: bool
    """Whether anything it was computed from is not what it should be."""

    @property
    def values(self) -> Array:
        """The numbers handed in."""
        return self.written.values

    def marked_wrong(self, where: Array, half: Array) -> "JudgedQuantity":
        """The same with other numbers called wrong, by other digits."""
        verdicts = np.where(where, Verdict.WRONG, self.verdicts).astype(object)
        return replace(self, verdicts=verdicts, half=np.where(where, half, self.half))

    def which(self, *verdicts: Verdict) -> Array:
        """Where the verdict is one of these."""
        return np.asarray(np.isin(self.verdicts, list(verdicts)))


@dataclass(frozen=True)
class Slip:
    """A known mistake at one place."""

    mistake: str
    """Its name in the table `MISTAKES`."""
    sentence: str
    place: Place
    everywhere: bool = False
    """Whether it was made in every layer."""


@dataclass(frozen=True)
class Explanation:
    """Known mistakes that together give a number."""

    slips: tuple[Slip, ...] = ()
    certain: bool = True
    """Whether an accident is too unlikely to count."""


@dataclass(frozen=True, eq=False)
class JudgedNumber:
    """One number of the report, with what explains it."""

    place: Place
    """Of the quantity."""
    index: tuple[int, ...]
    """Within the quantity."""
    verdict: Verdict
    value: float | None
    expected: Decimal | None
    allowed: tuple[float, float]
    digits: int | None = None
    """How many digits after the point it was written with."""
    explanation: Explanation = Explanation()
    alternatives: tuple[Explanation, ...] = ()
    """Other explanations that fit as well, two at most."""

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The known mistakes of the best explanation."""
        return self.explanation.slips
