"""Slips of writing a number down: its digits are nearly those of the right one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

_ROUNDED = Context(prec=2000, rounding=ROUND_HALF_UP, traps=[])
_CUT = Context(prec=2000, rounding=ROUND_DOWN, traps=[])

Misspelt = Callable[[Decimal, int], Iterator[Decimal]]
"""(the right number, digits after the point) -> what may have been written instead."""


@dataclass(frozen=True, eq=False)
class WritingSlip:
    """One entry of the table `WRITING`."""

    name: str
    sentence: str
    written: Misspelt


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), context=_ROUNDED)


def _cut_off(number: Decimal, decimals: int) -> Iterator[Decimal]:
    yield number.quantize(Decimal(1).scaleb(-decimals), context=_CUT)


def _off_by_one(number: Decimal, decimals: int) -> Iterator[Decimal]:
    for unit in (1, -1):
        yield _rounded(number, decimals) + Decimal(unit).scaleb(-decimals)


def _digits_exchanged(number: Decimal, decimals: int) -> Iterator[Decimal]:
    """Two neighbouring digits in each other's place: 0.457 for 0.475."""
    sign, digits, _ = _rounded(number, decimals).as_tuple()
    for i in range(len(digits) - 1):
        if digits[i] != digits[i + 1]:
            swapped = (*digits[:i], digits[i + 1], digits[i], *digits[i + 2 :])
            yield Decimal((sign, swapped, -decimals))


CUT_OFF = WritingSlip("cut_off", "The digits were cut off instead of rounded.", _cut_off)
WRITING: tuple[WritingSlip, ...] = (
    CUT_OFF,
    WritingSlip("last_digit_off_by_one", "The last digit is off by one.", _off_by_one),
    WritingSlip("digits_exchanged", "Two digits are exchanged.", _digits_exchanged),
)
"""The likeliest first."""
