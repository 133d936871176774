"""Numbers as they were written down: their values and how many digits each has."""

from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

import numpy as np
from jaxtyping import Bool, Float64, Int

from core.arrays import Array

MAX_SIGNIFICANT = 12
"""Beyond these the digits of a float say how it was computed and not what was written."""
WIDE = Context(prec=2000, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
"""Room for every float with every number of decimals that a text may have."""
MIN_SIGNIFICANT = 2
"""Where no digits are asked for, a rounded number with fewer is called coarse."""


@dataclass(frozen=True, eq=False)
class WrittenNumbers:
    """Numbers of one quantity, NaN where there is none."""

    values: Float64[Array, "*shape"]
    decimals: Int[Array, "*shape"]
    """Digits after the point, negative for zeros before it: 1 for 0.5, 2 for "0.50"."""
    keeps_zeros: Bool[Array, "*shape"]
    """Whether zeros at the end would be there: in text they are, a float has lost them."""

    @staticmethod
    def of(numbers: Array) -> "WrittenNumbers":
        """Floats, NaN for missing ones; or objects: floats, texts such as "0.50", or None."""
        values = np.full(np.shape(numbers), np.nan)
        decimals = np.zeros(np.shape(numbers), dtype=np.int64)
        keeps = np.zeros(np.shape(numbers), dtype=bool)
        for index, number in np.ndenumerate(np.asarray(numbers, dtype=object)):
            if number is None or number != number:
                continue
            text = isinstance(number, str)
            written = Decimal(number if text else repr(float(number)))
            values[index], keeps[index] = float(written), text
            decimals[index] = _decimals(written, text)
        return WrittenNumbers(values, decimals, keeps)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.values.shape

    @property
    def T(self) -> "WrittenNumbers":  # noqa: N802  # as NumPy's
        """Rows and columns exchanged."""
        return WrittenNumbers(self.values.T, self.decimals.T, self.keeps_zeros.T)

    @property
    def half(self) -> Float64[Array, "*shape"]:
        """Half a unit of the last digit written."""
        return np.asarray(0.5 * 10.0 ** -self.decimals.astype(np.float64))

    @property
    def significant(self) -> Int[Array, "*shape"]:
        """How many significant digits each number has; 0 for a zero."""
        size = np.abs(np.nan_to_num(self.values))
        leading = np.floor(np.log10(np.where(size > 0.0, size, 1.0)))
        return np.where(size > 0.0, leading + self.decimals + 1, 0).astype(np.int64)

    def written(self, index: tuple[int, ...]) -> Decimal:
        """One number with the digits it was written with."""
        exponent = Decimal(1).scaleb(-int(self.decimals[index]), context=WIDE)
        return Decimal(repr(float(self.values[index]))).quantize(exponent, context=WIDE)


def _decimals(written: Decimal, keeps_zeros: bool) -> int:
    if keeps_zeros:
        return -int(written.as_tuple().exponent)
    if not written:
        return 1
    shortest = -int(written.normalize().as_tuple().exponent)
    # A whole number has lost its point, not its zeros.
    most = MAX_SIGNIFICANT - written.adjusted() - 1
    return max(0, min(shortest, most)) if shortest >= 0 else 0
