"""A computation by hand, checked number by number, in the order of the derivation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.quantity import Calculation
from core.solutions.checking.marking import Marking
from core.solutions.checking.mistake_search import SEARCH_BUDGET, MistakeHypothesis, find_mistakes
from core.solutions.checking.submitted_answers import match_shapes
from core.solutions.checking.verdict import JudgedNumber, JudgedQuantity, Slip, Verdict
from core.solutions.rounding import Rounding

_TRANSPOSED = "The matrix is transposed: its rows and columns are exchanged."
_TOO_EARLY = (
    "This follows from rounded intermediate results, but only what is shown was to be rounded."
)


@dataclass(frozen=True, eq=False)
class Report:
    """Every number of the calculation, handed in or missing."""

    numbers: tuple[JudgedNumber, ...]

    @property
    def first_wrong(self) -> JudgedNumber | None:
        """The first wrong one in the order of the derivation."""
        return next((one for one in self.numbers if one.verdict is Verdict.WRONG), None)

    def count(self, verdict: Verdict) -> int:
        """How many numbers have the verdict."""
        return sum(one.verdict is verdict for one in self.numbers)


def check(calculation: Calculation, answers: Mapping[Place, Array], rounding: Rounding) -> Report:
    """Judge the numbers handed in, NaN where there is none, under the rounding that was used.

    Arrays have the shapes of the quantities; a matrix may come transposed, which is then its
    mistake. Raises `UnknownName` and `ShapeMismatch` for what does not fit.
    """
    exact = work_out(calculation, Rounding(rounding.digits, rounding.kind))
    shapes = {place: numbers.shape for place, numbers in exact.computed.items()}
    handed_in = match_shapes(calculation, answers, shapes)
    marking = Marking(calculation, handed_in.answers, rounding)
    with np.errstate(all="ignore"):
        judged = [marking.read(quantity) for quantity in calculation.quantities]
        return Report(tuple(_judged_numbers(judged, marking, handed_in.transposed)))


def _judged_numbers(
    judged: list[JudgedQuantity], marking: Marking, transposed: frozenset[Place]
) -> Iterator[JudgedNumber]:
    unexplained = sum(bool(one.which(Verdict.WRONG).any()) for one in judged)
    effort = SEARCH_BUDGET // max(1, unexplained)
    for one in judged:
        found = find_mistakes(one, marking, effort) if one.which(Verdict.WRONG).any() else []
        yield from _numbers(one, found, one.quantity.place in transposed)


def _numbers(
    judged: JudgedQuantity, found: list[MistakeHypothesis], transposed: bool
) -> Iterator[JudgedNumber]:
    for index in np.ndindex(judged.verdicts.shape):
        verdict = Verdict(str(judged.verdicts[index]))
        fitting = [one.slips for one in found if one.explained[index]]
        if transposed and verdict is not Verdict.MISSING:
            verdict = Verdict.WRONG
            slip = Slip("outer_product_transposed", _TRANSPOSED, judged.quantity.place)
            fitting = [(slip, *slips) for slips in fitting] or [(slip,)]
        elif verdict is Verdict.FOLLOWS and not judged.strayed:
            fitting = [(Slip("rounded_too_early", _TOO_EARLY, judged.quantity.place),)]
        yield _number(judged, index, verdict, fitting)


def _number(
    judged: JudgedQuantity,
    index: tuple[int, ...],
    verdict: Verdict,
    fitting: list[tuple[Slip, ...]],
) -> JudgedNumber:
    value, expected = float(judged.values[index]), np.asarray(judged.expected)[index]
    best, *others = fitting or [()]
    return JudgedNumber(
        place=judged.quantity.place,
        index=index,
        verdict=verdict,
        value=None if np.isnan(value) else value,
        expected=expected if expected.is_finite() else None,
        allowed=(float(judged.allowed.low[index]), float(judged.allowed.high[index])),
        slips=best,
        alternatives=tuple(others),
    )
