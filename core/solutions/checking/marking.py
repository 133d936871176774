"""Marking a sheet from the top, as a fair teacher does.

Each number is compared twice: with what it should be (`true`), and with what follows from the
numbers that were handed in before it (`follow_through`). Both are intervals, since rounding is
allowed: what stands on paper is v, what was computed lies within half a unit of it.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import cast

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.evaluation import compute
from core.solutions.calculation.functions import each
from core.solutions.calculation.intervals.interval import Interval, between, nearest
from core.solutions.calculation.intervals.rounding import preimage
from core.solutions.calculation.quantity import Calculation, Formula, Quantity
from core.solutions.checking.verdict import JudgedQuantity, Verdict
from core.solutions.checking.written_numbers import MIN_SIGNIFICANT, WrittenNumbers
from core.solutions.rounding import EXACT, MAX_DIGITS, Rounding, as_decimals, as_floats

MIN_SHOWN = 4
"""Significant digits of what is expected, where no digits were asked for."""
Answers = Mapping[Place, WrittenNumbers]
"""The numbers handed in, in the shapes of the quantities."""


class Marking:
    """The sheet as far as it has been read.

    `declared` says whether the digits of `rounding` were asked for; otherwise each number is
    judged by the digits it has.
    """

    def __init__(
        self,
        calculation: Calculation,
        answers: Answers,
        rounding: Rounding,
        declared: bool,
        exact: Mapping[Place, Array],
    ) -> None:
        """Begin with what is given; `read` goes on from there. `exact` has all right numbers."""
        self.calculation = calculation
        self.rounding = rounding
        self.answers = answers
        self.declared = declared
        given = {p: nearest(as_floats(n), rounding) for p, n in calculation.given.items()}
        self.true: dict[Place, Interval] = dict(given)
        self._right_numbers = exact
        self._any_coarse = False
        self._true_of_coarse: dict[Place, Interval] = dict(given)
        """What is right where coarse numbers were carried on."""
        self.follow_through: dict[Place, Interval] = dict(given)
        self._points: dict[Place, Array] = dict(calculation.given)
        self._propagated: dict[Place, bool] = dict.fromkeys(given, False)

    def read(self, quantity: Quantity) -> JudgedQuantity:
        """Judge one quantity, all of whose inputs have been read."""
        place = quantity.place
        true = self._true(quantity)
        local = interval_of(quantity, self.follow_through)
        written = self.answers.get(place) or WrittenNumbers.of(np.full(local.shape, np.nan))
        strayed = any(self._propagated[input_] for input_ in quantity.inputs.values())
        of_coarse = interval_of(quantity, self._true_of_coarse) if self._any_coarse else true
        exact = self._exact(quantity)
        defined = _defined(true, exact)
        asked, verdicts, half = self._verdicts(defined, of_coarse, local, written, strayed)
        judged = JudgedQuantity(
            quantity=quantity,
            written=written,
            half=half,
            verdicts=verdicts,
            local=local,
            allowed=_allowed(local, true, asked, strayed),
            expected=self._on_paper(exact, written),
            strayed=strayed,
        )
        self._carry_on(judged, true, exact)
        return judged

    def hidden_before(self, quantity: Quantity) -> list[Quantity]:
        """What leads to a quantity and was not handed in completely, in the order of computing."""
        found: dict[Place, Quantity] = {}
        open_ends = list(quantity.inputs.values())
        while open_ends:
            place = open_ends.pop()
            if place in self.calculation.given or place in found:
                continue
            if place not in self.answers or np.isnan(self.answers[place].values).any():
                found[place] = self.calculation[place]
                open_ends += found[place].inputs.values()
        return [one for one in self.calculation.quantities if one.place in found]

    def _true(self, quantity: Quantity) -> Interval:
        """What should stand there; where nothing is rounded in between it is one number."""
        if self.rounding.changes_carried:
            return interval_of(quantity, self.true)
        numbers = as_floats(self._right_numbers[quantity.place])
        return nearest(numbers, self.rounding)

    def _verdicts(
        self,
        true: Interval,
        of_coarse: Interval,
        local: Interval,
        written: WrittenNumbers,
        strayed: bool,
    ) -> tuple[Array, Array, Array]:
        """Half a unit of the digits asked for, the verdicts, and half a unit judged by."""
        values, own = written.values, written.half
        missing = np.isnan(values)
        size = np.where(missing, np.fmax(np.abs(local.low), np.abs(local.high)), np.abs(values))
        asked = self.rounding.half_unit(size)
        asked = asked if self.declared else np.where(missing, asked, own)
        few = own > asked * (1.0 + 1e-9) if self.declared else self._has_few_digits(written, true)
        wider = np.maximum(own, asked)
        is_true, is_local = true.agrees(values, asked), local.agrees(values, asked)
        true_in_own, local_in_own = true.agrees(values, wider), local.agrees(values, wider)
        # What is undefined for rounded numbers may be right for those that were carried.
        reachable = is_local | local_in_own | strayed | np.isnan(local.low)
        follows = (is_local | few & local_in_own) & local.bounded
        full = is_true & ~few if not self.declared else is_true
        verdicts = np.select(
            [
                missing,
                full & reachable,
                is_local & local.bounded & strayed,
                few & true_in_own & reachable,
                of_coarse.agrees(values, asked) & reachable & ~few,
                of_coarse.agrees(values, wider) & reachable,
                follows,
            ],
            [
                Verdict.MISSING,
                Verdict.CORRECT,
                Verdict.FOLLOWS,
                Verdict.COARSE,
                Verdict.CORRECT,
                Verdict.COARSE,
                Verdict.FOLLOWS,
            ],
            Verdict.WRONG,
        ).astype(object)
        by_own = (
            few
            & ~is_true
            & ~(is_local & strayed)
            & (written.keeps_zeros | (verdicts != Verdict.WRONG))
        )
        return asked, verdicts, np.where(by_own, wider, asked)

    def _has_few_digits(self, written: WrittenNumbers, true: Interval) -> Array:
        """Where a number that had to be rounded has fewer digits than say anything."""
        with np.errstate(invalid="ignore"):
            slack = 1e-9 * np.abs(np.nan_to_num(written.values))
            exact = (true.low - slack <= written.values) & (written.values <= true.high + slack)
            # A float may have lost a zero at its end, with which it has one digit more.
            longer = true.agrees(written.values, 0.1 * written.half) & (written.values != 0.0)
        few = written.significant < MIN_SIGNIFICANT
        return np.asarray(few & (written.keeps_zeros | ~longer) & ~exact)

    def _carry_on(self, judged: JudgedQuantity, true: Interval, exact: Array) -> None:
        """Keep what the next quantities are computed from."""
        place = judged.quantity.place
        own = self._own(judged)
        self._any_coarse |= bool(judged.which(Verdict.COARSE).any())
        right = judged.which(Verdict.CORRECT, Verdict.COARSE)
        self.true[place] = noted = true.noted()
        self._true_of_coarse[place] = between(
            np.where(right, np.fmin(noted.low, own.low), noted.low),
            np.where(right, np.fmax(noted.high, own.high), noted.high),
            self.rounding,
        )
        self.follow_through[place] = own
        self._propagated[place] = judged.strayed or bool(
            judged.which(Verdict.WRONG, Verdict.FOLLOWS).any()
        )
        kept = each(self.rounding.carried, exact) if self.rounding.each_step else exact
        self._points[place] = self._carried_point(judged.values, judged.verdicts, kept)

    def _exact(self, quantity: Quantity) -> Array:
        """The formula on single numbers; a `Decimal` that is not finite where it has no value."""
        with localcontext(EXACT):
            return compute(quantity, self._points)

    def _carried_point(self, values: Array, verdicts: Array, kept: Array) -> Array:
        """The number to go on with: the student's own where it strays or where all are rounded."""
        taken = {Verdict.WRONG, Verdict.FOLLOWS}
        if self.rounding.each_step:
            taken |= {Verdict.CORRECT, Verdict.COARSE}
        written = as_decimals(np.asarray(np.nan_to_num(values)))
        return np.asarray(np.where(np.isin(verdicts, list(taken)), written, kept), dtype=object)

    def _on_paper(self, numbers: Array, written: WrittenNumbers) -> Array:
        """Rounded as declared, or else to digits that show the number."""
        if self.declared:
            return each(self.rounding.rounded, numbers)
        enough = Rounding(MIN_SHOWN, "significant_digits")
        shown = np.empty(numbers.shape, dtype=object)
        for index in np.ndindex(numbers.shape):
            number: Decimal = numbers.item(index)
            own = Rounding(min(max(int(written.decimals[index]), 0), MAX_DIGITS))
            shown[index] = _nearest(number, (enough.rounded(number), own.rounded(number)))
        return shown

    def _own(self, judged: JudgedQuantity) -> Interval:
        """What may have been carried on: v itself, or what was computed before v was written."""
        values, local = judged.values, judged.local
        low, high = preimage(values, judged.half, self.rounding)
        is_local = judged.which(Verdict.CORRECT, Verdict.COARSE, Verdict.FOLLOWS)
        is_local &= (low <= local.high) & (high >= local.low)
        missing, noted = np.isnan(values), local.noted()
        computed_low = np.where(is_local, np.fmax(low, np.fmin(noted.low, values)), low)
        computed_high = np.where(is_local, np.fmin(high, np.fmax(noted.high, values)), high)
        return between(
            np.where(missing, noted.low, computed_low),
            np.where(missing, noted.high, computed_high),
            self.rounding,
        )


def _defined(true: Interval, exact: Array) -> Interval:
    """The interval, and where it has no value the number that follows from single numbers.

    A divisor that may have been rounded to 0 was not, where what follows from it was written down.
    """
    undefined = np.isnan(true.low)
    numbers = as_floats(exact)
    known = undefined & np.isfinite(numbers)
    return between(
        np.where(known, numbers, true.low), np.where(known, numbers, true.high), true.rounding
    )


def _nearest(number: Decimal, forms: tuple[Decimal, ...]) -> Decimal:
    """The form with the least error; the number itself where it has no value."""
    if not number.is_finite():
        return number
    with localcontext(EXACT):
        return min(forms, key=lambda one: abs(one - number))


def interval_of(
    quantity: Quantity, values: Mapping[Place, Interval], formula: Formula | None = None
) -> Interval:
    """The quantity's formula, or another one in its place, on intervals."""
    return cast(Interval, (formula or quantity.formula)(roles_of(quantity, values)))


def roles_of(quantity: Quantity, values: Mapping[Place, Interval]) -> dict[str, Interval]:
    """What the formula reads and what stands close by, by role."""
    places = {**quantity.nearby, **quantity.inputs}
    return {role: values[place] for role, place in places.items() if place in values}


def _allowed(local: Interval, true: Interval, half: Array, strayed: bool) -> Interval:
    """What may stand on paper; numbers that do not stray also have to be true."""
    half = np.where(np.isnan(half), 0.0, half)
    follows, correct = local.settled(half), true.settled(half)
    if strayed:
        return follows
    return between(
        np.fmax(follows.low, correct.low), np.fmin(follows.high, correct.high), local.rounding
    )
