"""What can be said about a number that somebody computed by hand."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.interval import Interval
from core.solutions.calculation.quantity import Quantity


class Verdict(StrEnum):
    """The four judgements."""

    CORRECT = "correct"
    FOLLOWS = "follows"
    """Right, given an earlier number of one's own that is not."""
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, eq=False)
class JudgedQuantity:
    """One quantity, number by number; all arrays have its shape."""

    quantity: Quantity
    values: Array
    """What was handed in; NaN where nothing was."""
    verdicts: Array
    """A `Verdict` for each number."""
    allowed: Interval
    """What the stated rounding allows, given the numbers handed in before."""
    expected: Array
    """The `Decimal` that should stand there, given those; not finite where there is none."""
    strayed: bool
    """Whether anything it was computed from is not what it should be."""

    def which(self, verdict: Verdict) -> Array:
        """Where the verdict is this one."""
        return np.asarray(self.verdicts == verdict)


@dataclass(frozen=True)
class Slip:
    """A known mistake at one place."""

    mistake: str
    """Its name in the table `MISTAKES`."""
    sentence: str
    place: Place


@dataclass(frozen=True, eq=False)
class JudgedNumber:
    """One number of the report; `slips` are the known mistakes that together explain it."""

    place: Place
    """Of the quantity."""
    index: tuple[int, ...]
    """Within the quantity."""
    verdict: Verdict
    value: float | None
    expected: Decimal | None
    allowed: tuple[float, float]
    slips: tuple[Slip, ...] = ()
    alternatives: tuple[tuple[Slip, ...], ...] = ()
    """Other explanations that fit as well."""
