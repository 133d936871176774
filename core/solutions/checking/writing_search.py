"""Wrong numbers whose digits are nearly the right ones: slips of writing, not of computing."""

from decimal import Context, Decimal

import numpy as np

from core.solutions.checking.evidence import ACCIDENTS, Tier
from core.solutions.checking.mistakes.writing import CUT_OFF, WRITING, WritingSlip
from core.solutions.checking.verdict import Explanation, JudgedQuantity, Slip
from core.solutions.checking.written_numbers import MAX_SIGNIFICANT
from core.solutions.rounding import as_decimals

_KNOWN = Context(prec=MAX_SIGNIFICANT, traps=[])


def _right_number(judged: JudgedQuantity, index: tuple[int, ...]) -> Decimal:
    """The middle of what is right; its ends have room for rounding, which has no digits to cut."""
    middle = 0.5 * judged.local.low[index] + 0.5 * judged.local.high[index]
    return _KNOWN.plus(as_decimals(np.asarray(middle)).item())


def was_cut_off(judged: JudgedQuantity, index: tuple[int, ...]) -> bool:
    """Whether the digits that were written are the first ones of the right number."""
    decimals = int(judged.written.decimals[index])
    cut = CUT_OFF.written(_right_number(judged, index), decimals)
    return judged.written.written(index) in cut


def writing_slips(judged: JudgedQuantity, index: tuple[int, ...]) -> list[Explanation]:
    """The slips by which one number was written instead of the right one, the likeliest first."""
    half = float(judged.half[index])
    if not judged.local.bounded[index] or not 0.0 < half < np.inf:
        return []
    written = judged.written.written(index)
    decimals = _decimals(judged, index)
    right = _right_number(judged, index)
    found = []
    for slip in WRITING:
        misspelt = set(slip.written(right, decimals))
        if written in misspelt:
            place = judged.quantity.place
            explained = Slip(slip.name, slip.sentence, place)
            found.append(Explanation((explained,), _is_certain(slip, written, len(misspelt))))
    return found


def _decimals(judged: JudgedQuantity, index: tuple[int, ...]) -> int:
    """Digits after the point by which the number was judged."""
    return round(-np.log10(2.0 * float(judged.half[index])))


def _is_certain(slip: WritingSlip, written: Decimal, ways: int) -> bool:
    """Whether a random number of as many digits is hardly ever a slip of writing."""
    digits = len(written.as_tuple().digits)
    return float(ways * len(WRITING)) * 10.0**-digits <= ACCIDENTS[Tier.WRITING]
