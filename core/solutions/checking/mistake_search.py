"""Why a number is wrong: the known mistake, or the two, by which one gets it.

A mistake may have been made where the wrong number stands or at anything before it that was not
handed in. So every known mistake is made at each of those places, what follows is computed again
from the numbers handed in, and the outcomes are compared with what stands on paper.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.interval import Interval
from core.solutions.calculation.quantity import Quantity
from core.solutions.checking.marking import Marking, interval_of
from core.solutions.checking.mistakes import ANYWHERE, CUT_OFF, SIGN_LOST, SPECIFIC
from core.solutions.checking.mistakes.mistake import Mistake
from core.solutions.checking.verdict import JudgedQuantity, Slip, Verdict

SEARCH_BUDGET = 40_000
"""So many quantities are computed anew for one sheet, which takes about two seconds."""
MAX_FALSE_POSITIVE_RATE = 0.05
"""A pair is believed where fewer than this of those tried would fit by accident."""

Made = tuple[tuple[Quantity, Mistake], ...]


@dataclass(frozen=True, eq=False)
class MistakeHypothesis:
    """Mistakes that together give the numbers where `explained` is true."""

    made: Made
    explained: Array
    agreeing: int
    """How many numbers of the quantity come out so, the right ones included."""

    @property
    def slips(self) -> tuple[Slip, ...]:
        """For the report."""
        return tuple(Slip(one.name, one.sentence, at.place) for at, one in self.made)


def find_mistakes(
    judged: JudgedQuantity, marking: Marking, effort: int = SEARCH_BUDGET
) -> list[MistakeHypothesis]:
    """All that fit, the best first: most wrong numbers explained, then most of all numbers.

    With more to try than `effort`, mistakes far from the number are not looked for, nor pairs.
    """
    search = _Search(judged, marking, effort)
    fitting = list(search.fitting(islice(search.singles(), search.most)))
    if not any(map(search.is_complete, fitting)):
        fitting += filter(search.is_complete, search.fitting(search.pairs()))
    return sorted(fitting, key=lambda found: (-int(found.explained.sum()), -found.agreeing))


class _Search:
    """The wrong numbers of one quantity, and every way to get them."""

    def __init__(self, judged: JudgedQuantity, marking: Marking, effort: int) -> None:
        self._judged = judged
        self._marking = marking
        self._wrong = judged.which(Verdict.WRONG)
        self._hidden = marking.hidden_before(judged.quantity)
        self.most = max(1, effort // (len(self._hidden) + 1))

    def singles(self) -> Iterator[Made]:
        """Every mistake where the number stands, then at what was not handed in."""
        own = self._judged.quantity
        # Nothing else is as likely for a number that is off by less than a unit.
        yield from (((own, one),) for one in ANYWHERE if one is CUT_OFF)
        yield from ((made,) for made in self._specific())
        yield from (((own, one),) for one in ANYWHERE if one is not CUT_OFF)

    def pairs(self) -> list[Made]:
        """Two mistakes at once; none where numbers as coarse as these would fit too many."""
        specific = list(self._specific())
        turned = (self._judged.quantity, SIGN_LOST)
        pairs: list[Made] = [*combinations(specific, 2), *((one, turned) for one in specific)]
        believable = len(pairs) * self._chance() <= MAX_FALSE_POSITIVE_RATE
        return pairs if believable and len(pairs) <= self.most else []

    def fitting(self, candidates: Iterable[Made]) -> Iterator[MistakeHypothesis]:
        """Those by which one gets at least one of the wrong numbers."""
        for made in candidates:
            outcome = self._outcome(made)
            if outcome is not None and outcome.shape == self._wrong.shape:
                agreeing = outcome.settled().contains(self._judged.values)
                explained = np.asarray(agreeing & self._wrong)
                if explained.any():
                    yield MistakeHypothesis(made, explained, int(agreeing.sum()))

    def is_complete(self, found: MistakeHypothesis) -> bool:
        """Whether nothing wrong is left unexplained."""
        return bool((found.explained == self._wrong).all())

    def _specific(self) -> Iterator[tuple[Quantity, Mistake]]:
        for quantity in (self._judged.quantity, *reversed(self._hidden)):
            for one in SPECIFIC:
                if one.fits(quantity, self._marking.follow_through):
                    yield quantity, one

    def _outcome(self, made: Made) -> Interval | None:
        """What stands at the end when the mistakes are made; None where one cannot make them."""
        values: dict[Place, Interval] = dict(self._marking.follow_through)
        changed: set[Place] = set()
        try:
            for quantity in self._hidden:
                if any(at is quantity for at, _ in made) or changed & {*quantity.inputs.values()}:
                    values[quantity.place] = self._mistaken(quantity, made, values).noted()
                    changed.add(quantity.place)
            return self._mistaken(self._judged.quantity, made, values)
        except (ValueError, IndexError):
            # Matrices that do not fit were not multiplied, rows that are not there not read.
            return None

    @staticmethod
    def _mistaken(quantity: Quantity, made: Made, values: dict[Place, Interval]) -> Interval:
        formula = quantity.formula
        for at, one in made:
            if at is quantity:
                formula = one.formula(formula)
        return interval_of(quantity, values, formula)

    def _chance(self) -> float:
        """About the probability that a number drawn at random fits all that is wrong."""
        values = self._judged.values[self._wrong]
        half = self._marking.rounding.half_unit(np.abs(values))
        scale = np.maximum(np.abs(values), 4.0 * half)
        return float(np.prod(half / scale))
