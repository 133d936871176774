"""Going through a sheet from the top, as a fair teacher does.

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
from core.solutions.calculation.interval import Interval, between, nearest
from core.solutions.calculation.quantity import Calculation, Formula, Quantity
from core.solutions.checking.verdict import JudgedQuantity, Verdict
from core.solutions.rounding import EXACT, Rounding, as_decimals, as_floats

Answers = Mapping[Place, Array]
"""The numbers handed in, NaN where there is none, in the shapes of the quantities."""


class Marking:
    """The sheet as far as it has been read."""

    def __init__(self, calculation: Calculation, answers: Answers, rounding: Rounding) -> None:
        """Begin with what is given; `read` goes on from there."""
        self.calculation = calculation
        self.rounding = rounding
        self.answers = answers
        given = {p: nearest(as_floats(n), rounding) for p, n in calculation.given.items()}
        self.true: dict[Place, Interval] = dict(given)
        self.follow_through: dict[Place, Interval] = dict(given)
        self._points: dict[Place, Array] = dict(calculation.given)
        self._propagated: dict[Place, bool] = dict.fromkeys(given, False)

    def read(self, quantity: Quantity) -> JudgedQuantity:
        """Judge one quantity, all of whose inputs have been read."""
        place = quantity.place
        true = interval_of(quantity, self.true)
        local = interval_of(quantity, self.follow_through)
        self.true[place] = true.noted()
        expected = self._expected(quantity)
        values = self.answers.get(place, np.full(local.shape, np.nan))
        strayed = any(self._propagated[input_] for input_ in quantity.inputs.values())
        is_true = true.settled().contains(values)
        is_local = local.settled().contains(values)
        verdicts = np.select(
            [np.isnan(values), is_true & (is_local | strayed), is_local],
            [Verdict.MISSING, Verdict.CORRECT, Verdict.FOLLOWS],
            Verdict.WRONG,
        ).astype(object)
        self._propagated[place] = strayed or bool(
            ((verdicts == Verdict.WRONG) | (verdicts == Verdict.FOLLOWS)).any()
        )
        self.follow_through[place] = self._own(values, local, is_local)
        self._points[place] = self._carried_point(values, verdicts, expected)
        allowed = local.settled() if strayed else _both(local.settled(), true.settled())
        expected = each(self._on_paper, expected)
        return JudgedQuantity(quantity, values, verdicts, allowed, expected, strayed)

    def hidden_before(self, quantity: Quantity) -> list[Quantity]:
        """What leads to a quantity and was not handed in completely, in the order of computing."""
        found: dict[Place, Quantity] = {}
        open_ends = list(quantity.inputs.values())
        while open_ends:
            place = open_ends.pop()
            is_known = place in self.calculation.given or place in found
            if not is_known and np.isnan(self.answers.get(place, np.array(np.nan))).any():
                found[place] = self.calculation[place]
                open_ends += found[place].inputs.values()
        return [one for one in self.calculation.quantities if one.place in found]

    def _expected(self, quantity: Quantity) -> Array:
        """The formula on single numbers; a `Decimal` that is not finite where it has no value."""
        with localcontext(EXACT):
            return compute(quantity, self._points)

    def _carried_point(self, values: Array, verdicts: Array, expected: Array) -> Array:
        """The number to go on with: one's own where it strays or where all are rounded."""
        rounded = each(self._on_paper, expected) if self.rounding.each_step else expected
        taken = {Verdict.WRONG, Verdict.FOLLOWS}
        if self.rounding.each_step:
            taken.add(Verdict.CORRECT)
        written = as_decimals(np.asarray(np.nan_to_num(values)))
        return np.asarray(np.where(np.isin(verdicts, list(taken)), written, rounded), dtype=object)

    def _on_paper(self, number: Decimal) -> Decimal:
        return self.rounding.rounded(number) if number.is_finite() else number

    def _own(self, values: Array, local: Interval, is_local: Array) -> Interval:
        """What may have been carried on: v itself, or what was computed before v was written."""
        half = self.rounding.half_unit(np.abs(np.nan_to_num(values)))
        low, high = values - half, values + half
        computed_low = np.where(is_local, np.fmax(low, np.fmin(local.low, values)), low)
        computed_high = np.where(is_local, np.fmin(high, np.fmax(local.high, values)), high)
        missing, noted = np.isnan(values), local.noted()
        return between(
            np.where(missing, noted.low, computed_low),
            np.where(missing, noted.high, computed_high),
            self.rounding,
        )


def interval_of(
    quantity: Quantity, values: Mapping[Place, Interval], formula: Formula | None = None
) -> Interval:
    """The quantity's formula, or another one in its place, on intervals."""
    formula = formula or quantity.formula
    places = {**quantity.nearby, **quantity.inputs}
    result = formula({role: values[place] for role, place in places.items() if place in values})
    return cast(Interval, result)


def _both(one: Interval, other: Interval) -> Interval:
    return between(np.maximum(one.low, other.low), np.minimum(one.high, other.high), one.rounding)
