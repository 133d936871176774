"""A computation by hand, checked number by number, in the order of the derivation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Array
from core.errors import MathematicalError, Place
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.quantity import Calculation
from core.solutions.checking.convention_search import (
    Convention,
    HandProblem,
    suppositions,
    transposed_answers,
)
from core.solutions.checking.evidence import Tier, chance_of
from core.solutions.checking.marking import Answers, Marking
from core.solutions.checking.mistake_search import SEARCH_BUDGET, MistakeHypothesis, find_mistakes
from core.solutions.checking.mistakes.writing import CUT_OFF
from core.solutions.checking.submitted_answers import match_shapes
from core.solutions.checking.verdict import (
    Explanation,
    JudgedNumber,
    JudgedQuantity,
    Slip,
    Verdict,
)
from core.solutions.checking.writing_search import was_cut_off, writing_slips
from core.solutions.rounding import MAX_DIGITS, Rounding

MAX_ALTERNATIVES = 2
MAX_CHANCE_OF_CONVENTION = 0.003
"""The share of random wrong numbers that may be right by a convention that was not meant."""
MAX_CHANCE_OF_COMMON_CONVENTION = 0.01
"""The same for the loss without ½: many books have it, so that less evidence is enough."""
MAX_SHARE_OF_COARSE = 0.02
"""Of the accidents tolerated: a coarse number is only called wrong by much evidence."""
MIN_INFERRED = 2
"""Fewer digits are not carried from step to step; they are how a number was copied."""
MAX_COARSE_SHARE = 0.1
"""Where more numbers than these are coarse, it is how the student writes numbers."""
_NOTHING = 10.0**-MAX_DIGITS
"""A number smaller than this is zero on every page."""
_TRANSPOSED = "The matrix is transposed: its rows and columns are exchanged."
_TOO_EARLY = (
    "This follows from rounded intermediate results, but only what is shown was to be rounded."
)


@dataclass(frozen=True, eq=False)
class Report:
    """Every number of the calculation, handed in or missing."""

    numbers: tuple[JudgedNumber, ...]
    rounding: Rounding
    """How the numbers were rounded, as far as can be seen."""
    conventions: tuple[Convention, ...] = ()
    """Other conventions than the declared ones, by which the numbers are right."""

    @property
    def first_wrong(self) -> JudgedNumber | None:
        """The first wrong one in the order of the derivation."""
        return next((one for one in self.numbers if one.verdict is Verdict.WRONG), None)

    def count(self, verdict: Verdict) -> int:
        """How many numbers have the verdict."""
        return sum(one.verdict is verdict for one in self.numbers)


@dataclass(frozen=True, eq=False)
class _Sheet:
    """All quantities judged, under one supposition how the student rounded."""

    marking: Marking
    judged: list[JudgedQuantity]

    def is_coarse_beside(self, judged: JudgedQuantity) -> bool:
        """Whether more than a few of the other numbers have fewer digits than asked for.

        Where any that show it stand before the quantity, only those: later ones may follow from it.
        """
        place = next(i for i, one in enumerate(self.judged) if one is judged)
        before, after = self.judged[:place], self.judged[place + 1 :]
        shares = (_coarse_share(before), _coarse_share(after))
        return next((one for one in shares if one is not None), 0.0) > MAX_COARSE_SHARE

    @property
    def wrong(self) -> int:
        """How many numbers are wrong."""
        return sum(int(one.which(Verdict.WRONG).sum()) for one in self.judged)


def _coarse_share(judged: Sequence[JudgedQuantity]) -> float | None:
    """The share of the numbers that have fewer digits than asked for, of those that show it.

    Zeros do not, nor exact numbers with few digits. None where there are none.
    """
    coarse = shown = 0
    for one in judged:
        digits = one.written.half <= one.half * (1.0 + 1e-9)
        shows = ~np.isnan(one.values) & (one.values != 0.0) & digits
        coarse += int((one.which(Verdict.COARSE) & shows).sum())
        shown += int(shows.sum())
    return coarse / shown if shown else None


def check(
    calculation: Calculation,
    answers: Mapping[Place, Array],
    rounding: Rounding | None,
    problem: HandProblem | None = None,
) -> Report:
    """Judge the numbers handed in, NaN or None where there is none, under the declared rounding.

    Numbers are floats, or texts that keep their zeros ("0.50"). Without a rounding each number is
    judged by its own digits. Arrays have the shapes of the quantities; a matrix may come
    transposed, which is then its mistake. Honest rounding of another style than the declared one
    is never wrong: one to three guard digits, rounding at each step, digits cut off throughout.
    With the `problem` behind the calculation, numbers that are all right by other conventions are
    judged by those. Raises `UnknownName` and `ShapeMismatch` for what does not fit.
    """
    with np.errstate(all="ignore"):
        # What nothing handed in depends on decides neither the style nor the conventions.
        exam = _Exam.of(calculation.leading_to(answers), answers, rounding)
        sheet = exam.fairest()
        if problem is not None and (sheet.wrong or exam.transposed):
            other = _by_other_conventions(problem, answers, exam, sheet)
            if other is not None:
                return other
        return _Exam.of(calculation, answers, rounding).report(sheet.marking.rounding)


def _by_other_conventions(
    problem: HandProblem,
    answers: Mapping[Place, Array],
    declared: "_Exam",
    sheet: _Sheet,
) -> Report | None:
    """The report by the first conventions under which everything is right, if any are.

    As with mistakes, an accident has to be unlikely: of as many conventions as are tried, one would
    make a random wrong number right.
    """
    rounding = declared.rounding if declared.declared else None
    tried: set[tuple[bytes, bool]] = set()
    for one in suppositions(problem, answers):
        turned = transposed_answers(answers) if one.matrices_transposed else answers
        try:
            exam = _Exam.of(one.calculation.leading_to(turned), turned, rounding)
        except MathematicalError:
            continue
        key = (exam.key, one.matrices_transposed)
        if key in tried or key == (declared.key, False):
            continue
        tried.add(key)
        if exam.transposed or exam.marked_below(sheet.wrong + 1) is None:
            continue
        found = exam.fairest()
        if found.wrong:
            continue
        chance = _chance_of_convention(sheet, found)
        if chance * len(tried) <= _tolerated(one.conventions):
            whole = _Exam.of(one.calculation, turned, rounding)
            return whole.report(found.marking.rounding, one.conventions)
    return None


def _tolerated(conventions: tuple[Convention, ...]) -> float:
    """The chance of an accident up to which numbers are said to be right by other conventions."""
    common = [one.name for one in conventions] == ["squared_sum"]
    return MAX_CHANCE_OF_COMMON_CONVENTION if common else MAX_CHANCE_OF_CONVENTION


def _chance_of_convention(sheet: _Sheet, found: _Sheet) -> float:
    """The chance that random numbers are right by the other convention and wrong by this one."""
    chance = 1.0
    by_place = {one.quantity.place: one for one in sheet.judged}
    for after in found.judged:
        before = by_place.get(after.quantity.place)
        if before is not None and before.verdicts.shape == after.verdicts.shape:
            spite = before.which(Verdict.CORRECT) & ~before.local.agrees(before.values, before.half)
            fine = after.local.agrees(after.values, after.written.half)
            half = np.where(fine, np.fmin(after.half, after.written.half), after.half)
            changed = before.which(Verdict.WRONG) | spite
            chance *= chance_of(replace(after, half=half), after.local, changed)
    return chance if sheet.wrong else 0.0


def _inferred(answers: Answers) -> Rounding:
    """Most numbers' digits, for what was computed in between."""
    decimals = [
        int(one)
        for numbers in answers.values()
        for one in numbers.decimals[~np.isnan(numbers.values)]
    ]
    typical = int(np.median(decimals)) if decimals else MAX_DIGITS
    return Rounding(min(max(typical, MIN_INFERRED), MAX_DIGITS))


def _inferred_significant(answers: Answers) -> Rounding:
    """The same by significant digits."""
    digits = [
        int(one)
        for numbers in answers.values()
        for one in numbers.significant[~np.isnan(numbers.values)]
    ]
    typical = int(np.median(digits)) if digits else MAX_DIGITS
    return Rounding(min(max(typical, MIN_INFERRED), MAX_DIGITS), "significant_digits")


@dataclass(frozen=True, eq=False)
class _Exam:
    """What was to be computed, and what was handed in."""

    calculation: Calculation
    answers: Answers
    transposed: frozenset[Place]
    """The matrices that came transposed."""
    rounding: Rounding
    declared: bool
    right: Mapping[Place, Array]

    @staticmethod
    def of(
        calculation: Calculation, answers: Mapping[Place, Array], rounding: Rounding | None
    ) -> "_Exam":
        """Work out the calculation and bring the answers into its shapes."""
        right = work_out(calculation, Rounding()).computed
        shapes = {place: numbers.shape for place, numbers in right.items()}
        handed_in = match_shapes(calculation, answers, shapes)
        return _Exam(
            calculation=calculation,
            answers=handed_in.answers,
            transposed=handed_in.transposed,
            rounding=rounding or _inferred(handed_in.answers),
            declared=rounding is not None,
            right=right,
        )

    @property
    def key(self) -> bytes:
        """The answers as floats, for comparison with those of another convention."""
        return str([self.right[place].ravel().tolist() for place in self.answers]).encode()

    def fairest(self) -> _Sheet:
        """The sheet under the style of rounding that leaves the fewest wrong numbers."""
        best = self.marked()
        styles = [*_styles(self.rounding)]
        if not self.declared:
            significant = _inferred_significant(self.answers)
            styles += [significant, *_styles(significant)]
        for style in styles:
            if not best.wrong:
                break
            best = self.marked_below(best.wrong, style) or best
        return best

    def report(self, style: Rounding, conventions: tuple[Convention, ...] = ()) -> Report:
        """The whole report under one style of rounding."""
        sheet = self.marked(style)
        return Report(tuple(_judged_numbers(sheet, self.transposed)), style, conventions)

    def marked(self, style: Rounding | None = None) -> _Sheet:
        """The sheet under one style of rounding, the declared one by default."""
        marking = self._marking(style)
        return _Sheet(marking, [marking.read(one) for one in self.calculation.quantities])

    def marked_below(self, limit: int, style: Rounding | None = None) -> _Sheet | None:
        """The same with fewer wrong numbers than `limit`; None as soon as there are as many."""
        marking, judged, wrong = self._marking(style), list[JudgedQuantity](), 0
        for quantity in self.calculation.quantities:
            judged.append(marking.read(quantity))
            wrong += int(judged[-1].which(Verdict.WRONG).sum())
            if wrong >= limit:
                return None
        return _Sheet(marking, judged)

    def _marking(self, style: Rounding | None) -> Marking:
        rounding = style or self.rounding
        return Marking(self.calculation, self.answers, rounding, self.declared, self.right)


def _styles(rounding: Rounding) -> Iterator[Rounding]:
    """Honest ways to round other than the declared one, the likeliest first."""
    yield replace(rounding, style="guarded")
    if not rounding.each_step:
        yield replace(rounding, style="cut")
        yield replace(rounding, mode="each_step")
    yield replace(rounding, mode="each_step", style="guarded")
    yield replace(rounding, style="cut", mode="each_step")


def _judged_numbers(sheet: _Sheet, transposed: frozenset[Place]) -> Iterator[JudgedNumber]:
    unexplained = sum(bool(one.which(Verdict.WRONG).any()) for one in sheet.judged)
    effort = SEARCH_BUDGET // max(1, unexplained)
    for judged in sheet.judged:
        one, found = _explained(judged, sheet, effort)
        yield from _numbers(one, found, one.quantity.place in transposed, sheet.marking.rounding)


def _explained(
    judged: JudgedQuantity, sheet: _Sheet, effort: int
) -> tuple[JudgedQuantity, list[MistakeHypothesis]]:
    """The quantity with the stories of its wrong numbers.

    A number that seems coarse on a page without other coarse ones, or beside wrong ones, is wrong
    after all where a mistake made here gives it to all digits asked for: a float loses its zeros.
    """
    marking = sheet.marking
    asked = marking.rounding.half_unit(np.abs(np.nan_to_num(judged.values)))
    doubtful = judged.which(Verdict.COARSE) & ~judged.written.keeps_zeros & marking.declared
    # A zero is right where what was handed in allows one, or only numbers below every page.
    low, high = judged.local.low, judged.local.high
    least = np.where((low <= 0.0) & (high >= 0.0), 0.0, np.fmin(np.abs(low), np.abs(high)))
    doubtful &= (judged.values != 0.0) | (least >= _NOTHING)
    wrong = judged.which(Verdict.WRONG)
    if doubtful.any() and (wrong.any() or not sheet.is_coarse_beside(judged)):
        supposed = judged.marked_wrong(doubtful, asked)
        found = find_mistakes(supposed, marking, effort)
        whole = [one for one in found if bool((one.explained >= (doubtful | wrong)).all())]
        here = whole and whole[0].story.tier <= Tier.HERE
        # A zero where a mistake gives exactly zero is no zero that was rounded.
        is_zero = judged.values == 0.0
        zero = here and bool(is_zero[doubtful].all() and whole[0].is_zero(doubtful))
        if here and (wrong.any() or zero or whole[0].evidence.share <= MAX_SHARE_OF_COARSE):
            return supposed, found
    if not wrong.any():
        return judged, []
    found = find_mistakes(judged, marking, effort)
    if not found and (judged.written.half[wrong] > judged.half[wrong]).any():
        coarser = judged.marked_wrong(wrong, np.maximum(judged.written.half, judged.half))
        return coarser, find_mistakes(coarser, marking, effort)
    return judged, found


def _numbers(
    judged: JudgedQuantity,
    found: list[MistakeHypothesis],
    transposed: bool,
    rounding: Rounding,
) -> Iterator[JudgedNumber]:
    place = judged.quantity.place
    for index in np.ndindex(judged.verdicts.shape):
        verdict = Verdict(str(judged.verdicts[index]))
        fitting = _best_first([one.explanations for one in found if one.explained[index]])
        if transposed and verdict is not Verdict.MISSING:
            verdict = Verdict.WRONG
            slip = Slip("outer_product_transposed", _TRANSPOSED, place)
            fitting = [Explanation((slip, *one.slips), one.certain) for one in fitting]
            fitting = fitting or [Explanation((slip,))]
        elif verdict is Verdict.WRONG:
            written = writing_slips(judged, index)
            whole = [one for one in found if int(one.explained.sum()) > 1]
            fitting = [*fitting, *written] if whole else [*written, *fitting]
        elif verdict is Verdict.FOLLOWS and not judged.strayed:
            fitting = [Explanation((Slip("rounded_too_early", _TOO_EARLY, place),))]
        elif rounding.style == "cut" and _was_cut(judged, index, rounding):
            fitting = [Explanation((Slip(CUT_OFF.name, CUT_OFF.sentence, place),))]
        yield _number(judged, index, verdict, fitting)


def _best_first(groups: list[list[Explanation]]) -> list[Explanation]:
    """Each group's first, then what has the same outcome as the best one, then the rest."""
    if not groups:
        return []
    (best, *alike), *others = groups
    return [best, *alike, *(one for group in others for one in group)]


def _was_cut(judged: JudgedQuantity, index: tuple[int, ...], rounding: Rounding) -> bool:
    """Whether the digits were cut off and rounding would have given another last one."""
    rounded = replace(judged.local, rounding=replace(rounding, style="rounded"))
    if np.isnan(judged.values[index]) or bool(rounded.agrees(judged.values, judged.half)[index]):
        return False
    return was_cut_off(judged, index)


def _number(
    judged: JudgedQuantity,
    index: tuple[int, ...],
    verdict: Verdict,
    fitting: list[Explanation],
) -> JudgedNumber:
    value, expected = float(judged.values[index]), np.asarray(judged.expected)[index]
    missing = np.isnan(value)
    best, *others = fitting or [Explanation()]
    return JudgedNumber(
        place=judged.quantity.place,
        index=index,
        verdict=verdict,
        value=None if missing else value,
        expected=expected if expected.is_finite() else None,
        allowed=(float(judged.allowed.low[index]), float(judged.allowed.high[index])),
        digits=None if missing else int(judged.written.decimals[index]),
        explanation=best,
        alternatives=tuple(others[:MAX_ALTERNATIVES]),
    )
