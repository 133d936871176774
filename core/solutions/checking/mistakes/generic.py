"""Slips that happen to any number."""

from collections.abc import Iterator

from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Values
from core.solutions.checking.mistakes.mistake import (
    Mistake,
    Mistaken,
    family,
    mistake,
    swaps,
    times,
)


def _exchanged(axis: int, order: list[int]) -> Mistaken:
    return lambda f, v: _in_order(f(v), axis, order)


def _in_order(right: Numbers, axis: int, order: list[int]) -> Numbers:
    """Rows or columns in another order; unchanged where there are fewer."""
    shape = getattr(right, "shape", ())
    if len(shape) <= axis or shape[-1 - axis] != len(order):
        return right
    return right[..., order] if axis == 0 else right[..., order, :]


def _in_each_others_place(v: Values) -> Iterator[Mistaken]:
    """Two neighbours along the last axis, or two rows, in each other's place."""
    for axis in (0, 1):
        for width in (2, 3, 4):
            for order in swaps(width):
                yield _exchanged(axis, order)


SIGN_LOST = mistake("sign_lost", "The sign is turned.", "", times(-1))

ANYWHERE: tuple[Mistake, ...] = (
    SIGN_LOST,
    family(
        "numbers_exchanged",
        "Numbers stand in each other's place.",
        "",
        _in_each_others_place,
    ),
    mistake("point_too_far_right", "The point is one place too far right.", "", times(10)),
    mistake(
        "point_too_far_left", "The point is one place too far left.", "", lambda f, v: f(v) / 10
    ),
    mistake("doubled", "There is a factor 2 too much.", "", times(2)),
    mistake("halved", "There is a factor ½ too much.", "", lambda f, v: f(v) / 2),
)
