"""Evidence for a story: how unlikely it is that the numbers agree with it by accident.

A random wrong number agrees with a story to its digits with a small chance; of many stories tried
one agrees with a chance that grows with their number (Bonferroni's inequality). The accidents that
are tolerated are shared out among the kinds of stories, the likeliest ones first.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from core.arrays import Array
from core.solutions.calculation.intervals.interval import Interval
from core.solutions.checking.verdict import JudgedQuantity


class Tier(IntEnum):
    """How far a story is looked for, the nearest first."""

    WRITING = 0
    COMMON = 1
    HERE = 2
    BEFORE = 3
    EVERYWHERE = 4
    ANYTHING = 5
    PAIR = 6


ACCIDENTS: dict[Tier, float] = {
    Tier.WRITING: 0.001,
    Tier.COMMON: 0.003,
    Tier.HERE: 0.002,
    Tier.BEFORE: 0.001,
    Tier.EVERYWHERE: 0.001,
    Tier.ANYTHING: 0.001,
    Tier.PAIR: 0.001,
}
"""The chance that a random wrong number gets a certain explanation of this tier."""
COMMON = frozenset(
    {
        "bias_forgotten",
        "activation_forgotten",
        "half_forgotten",
        "difference_turned",
        "slope_left_out",
        "slope_of_s_instead_of_x",
        "only_one_path",
        "weights_not_transposed",
        "outer_product_transposed",
        "step_upwards",
        "sum_instead_of_mean",
        "earlier_lambdas_forgotten",
        "sign_lost",
    }
)
"""The mistakes that are made most: a tier of their own, so that few digits are enough for them."""
MAX_ACCIDENTS = 1.0
"""A story is worth a word while fewer than this of its kind would agree by accident."""
PARTIAL = 10.0
"""About how many explanations of some of the numbers there are, since any of them may be meant."""
_ROUND_NUMBERS = {0.0: 0.02, 1.0: 0.02}
"""How often a number is one of these whatever the reason."""


@dataclass(frozen=True)
class Evidence:
    """How many stories of a tier, of all that were tried, are expected to agree by accident."""

    tier: Tier
    expected: float

    @property
    def share(self) -> float:
        """The accidents expected, measured by those that are tolerated."""
        return self.expected / ACCIDENTS[self.tier]

    @property
    def is_certain(self) -> bool:
        """Whether an accident is too unlikely to count."""
        return self.share <= 1.0

    @property
    def is_worth_a_word(self) -> bool:
        """Whether the story is likelier than an accident."""
        return self.expected <= MAX_ACCIDENTS


def chance_of(judged: JudgedQuantity, outcome: Interval, explained: Array) -> float:
    """The chance that random numbers agree where `explained`; equal ones count once."""
    values, half = judged.values[explained], judged.half[explained]
    width = outcome.high[explained] - outcome.low[explained]
    right = np.nan_to_num(0.5 * (judged.local.low + judged.local.high)[explained])
    size = np.fmax(np.abs(values), np.abs(right))
    # A random wrong number is about as large as the right one.
    agreeing = (2.0 * half + width) / np.fmax(2.0 * size, 8.0 * half)
    chance = 1.0
    for value in np.unique(values):
        rounded = _ROUND_NUMBERS.get(abs(float(value)), 0.0)
        chance *= min(1.0, max(float(agreeing[values == value].min()), rounded))
    return chance
