"""Why a number is wrong: the known mistake, or the two, that lead to it.

A mistake may have been made where the wrong number stands or at anything before it that was not
handed in. So every known mistake is made at each of those places, what follows is computed again
from the numbers handed in, and the outcomes are compared with what stands on paper.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.intervals.interval import Interval
from core.solutions.calculation.quantity import Quantity
from core.solutions.checking.evidence import COMMON, PARTIAL, Evidence, Tier, chance_of
from core.solutions.checking.marking import Marking, interval_of, roles_of
from core.solutions.checking.mistakes import ANYWHERE, SIGN_LOST, SPECIFIC
from core.solutions.checking.mistakes.mistake import Mistake, Mistaken, mistaken
from core.solutions.checking.verdict import Explanation, JudgedQuantity, Slip, Verdict

SEARCH_BUDGET = 12_000
"""Maximum quantities computed again for one sheet, which takes about a second."""


_ZERO = 1e-300


@dataclass(frozen=True, eq=False)
class Made:
    """One mistake made at one quantity."""

    quantity: Quantity
    mistake: Mistake
    way: Mistaken
    """One variant of the mistake."""


@dataclass(frozen=True, eq=False)
class Story:
    """Mistakes made together, and how far they are looked for."""

    made: tuple[Made, ...]
    tier: Tier
    everywhere: bool = False
    """Whether it is the same mistake in every layer."""

    @property
    def is_sign_lost(self) -> bool:
        """Whether only the sign is lost."""
        return [one.mistake for one in self.made] == [SIGN_LOST]

    @property
    def slips(self) -> tuple[Slip, ...]:
        """For the report: each mistake at its place, one in every layer only once."""
        shown = self.made[-1:] if self.everywhere else self.made
        return tuple(
            Slip(m.mistake.name, m.mistake.sentence, m.quantity.place, self.everywhere)
            for m in shown
        )


@dataclass(frozen=True, eq=False)
class MistakeHypothesis:
    """An outcome that gives the numbers where `explained` is true."""

    alike: list[Story]
    """Stories with this outcome, the likeliest first."""
    outcome: Interval
    explained: Array
    contradicted: int
    """How many right numbers would not be what they are."""
    evidence: Evidence

    @property
    def story(self) -> Story:
        """The likeliest story with this outcome."""
        return self.alike[0]

    def is_zero(self, where: Array) -> bool:
        """Whether the outcome is zero there, which outward rounding makes a little wider."""
        ends = np.concatenate([self.outcome.low[where], self.outcome.high[where]])
        return bool((np.abs(ends) < _ZERO).all())

    @property
    def explanations(self) -> list[Explanation]:
        """For the report: each set of names once."""
        by_name = {tuple(s.mistake for s in one.slips): one for one in reversed(self.alike)}
        reported = [one for one in self.alike if one in by_name.values()]
        return [Explanation(one.slips, self.evidence.is_certain) for one in reported]


def find_mistakes(
    judged: JudgedQuantity, marking: Marking, effort: int = SEARCH_BUDGET
) -> list[MistakeHypothesis]:
    """All that fit, the best first: one story for all wrong numbers before stories of some.

    With more to try than `effort`, mistakes far from the number are not looked for, nor pairs.
    """
    search = _Search(judged, marking, effort)
    fitting = search.fitting(islice(search.singles(), search.most))
    if not any(one.evidence.is_certain for one in fitting if search.all_of(one)):
        fitting += [one for one in search.fitting(search.pairs()) if search.all_of(one)]
    return sorted(
        (one for one in fitting if one.evidence.is_worth_a_word),
        key=lambda one: (
            -int(one.explained.sum()),
            one.contradicted,
            not one.evidence.is_certain,
            one.story.tier,
        ),
    )


class _Search:
    """The wrong numbers of one quantity, and every way to get them."""

    def __init__(self, judged: JudgedQuantity, marking: Marking, effort: int) -> None:
        self._judged = judged
        self._marking = marking
        self._wrong = judged.which(Verdict.WRONG)
        self._right = judged.which(Verdict.CORRECT, Verdict.FOLLOWS)
        self._hidden = marking.hidden_before(judged.quantity)
        self.most = max(1, effort // (len(self._hidden) + 1))

    def singles(self) -> Iterator[Story]:
        """Every mistake where the number stands, then in what was not handed in, then in both."""
        own = self._judged.quantity
        here = list(self._made_at(own, SPECIFIC))
        yield from (Story((one,), _nearness(one, Tier.HERE)) for one in here)
        before = {q.place: list(self._made_at(q, SPECIFIC)) for q in reversed(self._hidden)}
        for made in before.values():
            yield from (Story((one,), Tier.BEFORE) for one in made)
        yield from self._in_every_layer([here, *before.values()])
        anywhere = self._made_at(own, ANYWHERE)
        yield from (Story((one,), _nearness(one, Tier.ANYTHING)) for one in anywhere)

    def pairs(self) -> list[Story]:
        """Two different mistakes at once."""
        here = list(self._made_at(self._judged.quantity, SPECIFIC))
        before = [one for q in reversed(self._hidden) for one in self._made_at(q, SPECIFIC)]
        turned = list(self._made_at(self._judged.quantity, (SIGN_LOST,)))
        specific = [*here, *before]
        pairs = [*combinations(specific, 2), *((one, sign) for one in specific for sign in turned)]
        stories = [
            Story(pair, Tier.PAIR) for pair in pairs if pair[0].mistake is not pair[1].mistake
        ]
        return stories if len(stories) <= self.most else []

    def fitting(self, stories: Iterable[Story]) -> list[MistakeHypothesis]:
        """Those that give at least one of the wrong numbers, weighed against all that were tried.

        Stories with the same outcome share the evidence of the nearest kind; the first is reported.
        """
        judged = self._judged
        found: dict[bytes, tuple[list[Story], Interval]] = {}
        tried: Counter[Tier] = Counter()
        written = ~np.isnan(judged.values)
        right = _outcome_key(judged.local, written)
        for story in stories:
            outcome = self._outcome(story)
            if outcome is None or outcome.shape != self._wrong.shape:
                continue
            key = _outcome_key(outcome, written)
            if key == right:
                continue
            alike, _ = found.setdefault(key, ([], outcome))
            tried[story.tier] += all(one.tier is not story.tier for one in alike)
            alike.append(story)
        hypotheses = (self._weighed(*one, tried) for one in found.values())
        return [one for one in hypotheses if one is not None]

    def all_of(self, found: MistakeHypothesis) -> bool:
        """Whether nothing wrong is left unexplained."""
        return bool((found.explained == self._wrong).all())

    def _weighed(
        self, alike: list[Story], outcome: Interval, tried: Mapping[Tier, int]
    ) -> MistakeHypothesis | None:
        judged = self._judged
        agreeing = outcome.agrees(judged.values, judged.half) & outcome.bounded
        explained = np.asarray(agreeing & self._wrong)
        if not explained.any():
            return None
        # A minus is lost at one number: that the others are right says nothing against it.
        by_number = any(one.is_sign_lost for one in alike)
        contradicted = 0 if by_number else int((self._right & ~agreeing).sum())
        partial = contradicted > 0 or bool((self._wrong & ~explained).any())
        chance = chance_of(judged, outcome, explained)
        weighed = [
            Evidence(one.tier, chance * tried[one.tier] * (PARTIAL if partial else 1.0))
            for one in alike
        ]
        evidence = min(weighed, key=lambda one: one.share)
        return MistakeHypothesis(alike, outcome, explained, contradicted, evidence)

    def _made_at(self, quantity: Quantity, mistakes: Iterable[Mistake]) -> Iterator[Made]:
        values = self._marking.follow_through
        for one in mistakes:
            if one.fits(quantity, values):
                ways = one.variants(roles_of(quantity, values))
                yield from (Made(quantity, one, way) for way in ways)

    @staticmethod
    def _in_every_layer(by_place: list[list[Made]]) -> Iterator[Story]:
        """The same mistake, in the same variant, at every place where it can be made."""
        first: dict[tuple[str, int], list[Made]] = {}
        for made_here in by_place:
            counts: dict[str, int] = {}
            for made in made_here:
                name = made.mistake.name
                counts[name] = counts.get(name, -1) + 1
                first.setdefault((name, counts[name]), []).append(made)
        for group in first.values():
            if len(group) > 1:
                yield Story(tuple(group), Tier.EVERYWHERE, everywhere=True)

    def _outcome(self, story: Story) -> Interval | None:
        """What stands at the end when the mistakes are made; None where they cannot be."""
        values = dict(self._marking.follow_through)
        changed: set[Place] = set()
        try:
            for quantity in self._hidden:
                made_here = any(one.quantity is quantity for one in story.made)
                if made_here or changed & {*quantity.inputs.values()}:
                    values[quantity.place] = self._mistaken(quantity, story, values).noted()
                    changed.add(quantity.place)
            return self._mistaken(self._judged.quantity, story, values)
        except (ValueError, IndexError):
            # Matrices that do not fit were not multiplied, rows that are not there not read.
            return None

    @staticmethod
    def _mistaken(quantity: Quantity, story: Story, values: Mapping[Place, Interval]) -> Interval:
        formula = quantity.formula
        for made in story.made:
            if made.quantity is quantity:
                formula = mistaken(made.way, formula)
        return interval_of(quantity, values, formula)


def _nearness(made: Made, otherwise: Tier) -> Tier:
    return Tier.COMMON if made.mistake.name in COMMON else otherwise


def _outcome_key(outcome: Interval, where: Array) -> bytes:
    """A key that differs for different outcomes."""
    ends = np.concatenate([outcome.low[where], outcome.high[where]])
    return np.array([f"{end:.9g}" for end in ends]).tobytes()
