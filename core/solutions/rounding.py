"""How numbers are rounded and written.

Halves are rounded away from zero, as is taught by hand (DIN 1333): 0.125 becomes 0.13 and -0.125
becomes -0.13. A number that needs no rounding is written as it is, 2.2 and not 2.20; a rounded one
keeps its last zeros, 0.90. A zero has no sign, whatever was rounded to it.
"""

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Literal

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import OutOfDomain

EXACT = Context(prec=40, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
"""The arithmetic called exact: sums and products of numbers as given are, the rest to 40 digits.

What has no value, as 0 / 0, becomes NaN, which the caller refuses.
"""

MAX_DIGITS = 10
_HALF_UP = Context(prec=100, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)
_CUT = Context(prec=100, rounding=ROUND_DOWN, Emin=MIN_EMIN, Emax=MAX_EMAX)
_SHORTEST_SCIENTIFIC, _LONGEST_PLAIN = -6, 12
_STEP_ERROR = {"rounded": 1.0, "guarded": 0.1, "cut": 2.0}
"""In half units of the last digit; one guard digit errs most of all guard digits."""


@dataclass(frozen=True)
class Rounding:
    """`digits` after the point or significant; carried on or only shown.

    `display` computes exactly and rounds what is shown. `each_step` rounds every quantity when it
    is computed and goes on with the rounded numbers. `style` is what a student did with the digits
    beyond: rounded once, carried one to three more (`guarded`), or `cut` them off. Raises
    `OutOfDomain` for digits out of range.
    """

    digits: int = 3
    kind: Literal["decimals", "significant_digits"] = "decimals"
    mode: Literal["display", "each_step"] = "display"
    style: Literal["rounded", "guarded", "cut"] = "rounded"

    def __post_init__(self) -> None:
        """Refuse a number of digits that no page can hold."""
        fewest = 0 if self.kind == "decimals" else 1
        if not fewest <= self.digits <= MAX_DIGITS:
            raise OutOfDomain(
                f"{self.kind} is {self.digits}, expected {fewest} to {MAX_DIGITS}", (self.kind,)
            )

    @property
    def each_step(self) -> bool:
        """Whether rounded numbers are carried on."""
        return self.mode == "each_step"

    @property
    def changes_carried(self) -> bool:
        """Whether a number may go on with fewer digits than were computed."""
        return self.each_step or self.style == "guarded"

    def rounded(self, number: Decimal) -> Decimal:
        """The number as it stands on paper: short where exact, with all its digits where not."""
        return self._written(number, _HALF_UP)

    def carried(self, number: Decimal) -> Decimal:
        """The number that is carried on where each step is rounded, or `cut`, before the next."""
        return self._written(number, _CUT if self.style == "cut" else _HALF_UP)

    def _written(self, number: Decimal, context: Context) -> Decimal:
        if not number.is_finite():
            return number
        last = self.last_place(number)
        if not number or _exponent(number) >= last:
            return _shortest(number)
        quantized = number.quantize(Decimal(1).scaleb(last), context=context)
        if self.kind == "significant_digits" and self.last_place(quantized) > last:
            # 9.97 has become 10.0, one digit too many.
            quantized = quantized.quantize(Decimal(1).scaleb(last + 1), context=context)
        if not quantized:
            return quantized.copy_abs()
        return quantized if quantized != number else _shortest(number)

    def half_unit(
        self, magnitude: Float64[Array, "*shape"] | np.float64
    ) -> Float64[Array, "*shape"]:
        """Half a unit in the last place that numbers up to `magnitude` ≥ 0 keep."""
        if self.kind == "decimals":
            return np.full(np.shape(magnitude), 0.5 * 10.0**-self.digits)
        smallest = np.finfo(np.float64).tiny
        leading = np.floor(np.log10(np.clip(magnitude, smallest, np.finfo(np.float64).max)))
        return np.asarray(0.5 * 10.0 ** (leading - self.digits + 1))

    def step_error(
        self, magnitude: Float64[Array, "*shape"] | np.float64
    ) -> Float64[Array, "*shape"]:
        """The most by which a number up to `magnitude` changes when it is written down."""
        return np.asarray(_STEP_ERROR[self.style] * self.half_unit(magnitude))

    def last_place(self, number: Decimal) -> int:
        """The power of ten of the last digit that is kept."""
        if self.kind == "decimals" or not number:
            return -self.digits
        return number.adjusted() - self.digits + 1


def plain(number: Decimal) -> str:
    """Decimal digits, with an exponent as in "1.2e-7" only where there would be too many of them.

    The zeros at the end are those of `number`; a zero has no sign.
    """
    if not number:
        return f"{number.copy_abs():f}"
    if not _SHORTEST_SCIENTIFIC <= number.adjusted() < _LONGEST_PLAIN:
        exponent = number.adjusted()
        return f"{number.scaleb(-exponent, context=_HALF_UP):f}e{exponent}"
    return f"{number:f}"


def typeset(number: Decimal) -> str:
    """The same with a minus of print."""
    return plain(number).replace("-", "−")


def as_decimals(numbers: Array) -> Array:
    """An array of `Decimal`, each the shortest decimal that stands for the float."""
    exact = np.empty(np.shape(numbers), dtype=object)
    for index, number in np.ndenumerate(numbers):
        exact[index] = _shortest(Decimal(str(number)))
    return exact


def as_floats(numbers: Array) -> Float64[Array, "*shape"]:
    """The nearest floats of an array of `Decimal`."""
    return np.asarray(numbers, dtype=np.float64)


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


def _shortest(number: Decimal) -> Decimal:
    """Without zeros at the end that say nothing, and without the sign of an exact zero."""
    return number.normalize(_HALF_UP) if number else Decimal(0)
