"""Numbers that are easy to compute by hand, without doubt about any printed digit."""

from decimal import Decimal

import numpy as np

from core.arrays import Array
from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.calculation.functions import each
from core.solutions.rounding import Rounding, as_floats

MARGIN = Decimal("0.01")
"""Of a unit in the last place: as near as this to a half, calculators may disagree."""
SATURATED = 3.0
KINK = 0.05
_KINKED = ("relu", "leaky_relu")
_LINEAR = ("identity",)


def is_unambiguous(numbers: Array, rounding: Rounding) -> bool:
    """Whether every number is exact, or keeps its printed digits when moved by `MARGIN` units."""
    return bool(each(lambda number: _is_clear(number, rounding), numbers).all())


def _is_clear(number: Decimal, rounding: Rounding) -> bool:
    rounded = rounding.rounded(number)
    if rounded == number:
        return True
    shift = MARGIN.scaleb(rounding.last_place(number))
    return rounding.rounded(number - shift) == rounded == rounding.rounded(number + shift)


def has_readable_numbers(worked: WorkedOut, activations: tuple[str, ...]) -> bool:
    """No doubtful digit, no saturated unit, no unit on a kink, no layer that is dead."""
    for quantity in worked.calculation.quantities:
        if not is_unambiguous(worked.computed[quantity.place], worked.rounding):
            return False
    return all(
        _is_alive(as_floats(worked.computed["layers", number, "s"]), activation)
        and _moves(worked, number)
        for number, activation in enumerate(activations)
    )


def _is_alive(s: Array, activation: str) -> bool:
    if activation in _LINEAR:
        return True
    if activation in _KINKED:
        return bool((np.abs(s) >= KINK).all() and (s > 0).any())
    return bool((np.abs(s) <= SATURATED).all())


def _moves(worked: WorkedOut, number: int) -> bool:
    """Whether something of the layer's gradient is left after rounding, where there is one."""
    printed = worked.printed.get(("layers", number, "weights_gradient"))
    return printed is None or bool((printed != 0).any())
