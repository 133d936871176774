"""A calculation worked out in decimals: exactly, or rounded at each step and carried on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np

from core.arrays import Array
from core.errors import NotFinite, Place
from core.solutions.calculation.functions import each
from core.solutions.calculation.quantity import Calculation, Quantity
from core.solutions.rounding import EXACT, Rounding


@dataclass(frozen=True, eq=False)
class WorkedOut:
    """Every number of a calculation, given ones included, as arrays of `Decimal`."""

    calculation: Calculation
    rounding: Rounding
    carried: Mapping[Place, Array]
    """The numbers with which later quantities are computed."""
    computed: Mapping[Place, Array]
    """What a quantity's formula gave, before any rounding of it."""
    printed: Mapping[Place, Array]
    """The numbers as they are written."""

    def is_exact(self, place: Place) -> bool:
        """Whether what stands on paper is what was computed, in every digit."""
        return bool(np.all(self.printed[place] == self.computed[place]))


def work_out(calculation: Calculation, rounding: Rounding) -> WorkedOut:
    """Compute every quantity in order.

    Raises `NotFinite` where rounding leads to ln 0 or to a division by 0.
    """
    carried: dict[Place, Array] = dict(calculation.given)
    computed: dict[Place, Array] = dict(calculation.given)
    # A given number that was rounded for the page would make the page's arithmetic wrong.
    printed = (
        dict(calculation.given)
        if rounding.each_step
        else {p: each(_at_least_six(rounding).rounded, n) for p, n in calculation.given.items()}
    )
    with localcontext(EXACT):
        for quantity in calculation.quantities:
            numbers = compute(quantity, carried)
            _require_finite(quantity, numbers, rounding)
            computed[quantity.place] = numbers
            printed[quantity.place] = each(rounding.rounded, numbers)
            carried[quantity.place] = printed[quantity.place] if rounding.each_step else numbers
    return WorkedOut(calculation, rounding, carried, computed, printed)


def compute(quantity: Quantity, values: Mapping[Place, Array]) -> Array:
    """The quantity's formula on `values`; an array of `Decimal`, in the caller's context."""
    inputs = {role: values[place] for role, place in quantity.inputs.items()}
    return np.asarray(quantity.formula(inputs), dtype=object)


def _require_finite(quantity: Quantity, numbers: Array, rounding: Rounding) -> None:
    if not each(Decimal.is_finite, numbers).all():
        raise NotFinite(
            f"{' '.join(map(str, quantity.place))} is {numbers.ravel()[0]} with "
            f"{rounding.digits} {rounding.kind}: a number that is divided by, or whose logarithm "
            "is needed, was rounded to 0 or 1; use more digits",
            quantity.place,
        )


def _at_least_six(rounding: Rounding) -> Rounding:
    return Rounding(max(rounding.digits, 6), rounding.kind)
