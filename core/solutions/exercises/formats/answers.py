"""The numbers that a sheet asks for, each with its tolerance and the known mistakes about it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import gcd, lcm

import numpy as np

from core.errors import Place
from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.calculation.functions import each
from core.solutions.calculation.quantity import Quantity
from core.solutions.checking.mistakes import SPECIFIC
from core.solutions.checking.mistakes.mistake import Mistake
from core.solutions.derivation.page import Page
from core.solutions.exercises.handout import Handout
from core.solutions.exercises.marking_scheme import Points
from core.solutions.notation.tex import tex
from core.solutions.rounding import EXACT, Rounding

ROUND_OFF = 1.0 + 1e-6
"""Platforms compare in binary: the end of a rounding interval has to lie within the tolerance."""
MAX_MISTAKES = 4
"""The known mistakes of a number that a platform comments on."""


@dataclass(frozen=True)
class Answer:
    """One number that is asked for."""

    place: Place
    index: tuple[int, ...]
    symbol: str
    """LaTeX."""
    part: str
    value: Decimal
    """As it stands in the key."""
    tolerance: float
    """Half a unit of the last digit; 0 for a number that needs no rounding."""
    weight: int
    """Its share of the points of the sheet, as a whole number."""
    mistakes: tuple[tuple[Decimal, str], ...]
    """What known mistakes lead to, with the sentence for the student."""

    @property
    def name(self) -> str:
        """A name of letters, digits and underscores: layers_0_weights_gradient_1_0."""
        return "_".join(map(str, (*self.place, *self.index)))

    @property
    def low(self) -> float:
        """The least number that is right."""
        return float(self.value) - self.tolerance

    @property
    def high(self) -> float:
        """The largest number that is right."""
        return float(self.value) + self.tolerance


def answers(sheet: Handout) -> list[Answer]:
    """Every number of the marking scheme, in the order of the derivation."""
    worked = sheet.exercise.worked
    asked = [line for line in sheet.exercise.scheme if line.place in worked.printed]
    weights = _weights(asked)
    page = Page(worked, _activations(sheet))
    return [
        answer
        for line, weight in zip(asked, weights, strict=True)
        for answer in _answers(page, line, weight, sheet.task.rounding)
    ]


def _activations(sheet: Handout) -> tuple[str, ...]:
    network = sheet.exercise.question.get("network")
    layers = getattr(network, "layers", ())
    return tuple(layer.activation.name for layer in layers)


def _weights(asked: list[Points]) -> list[int]:
    """The points of each quantity shared by its numbers, times a factor that makes them whole."""
    whole = lcm(*(line.numbers for line in asked))
    shares = [line.points * whole // line.numbers for line in asked]
    common = gcd(*shares)
    return [share // common for share in shares]


def _answers(page: Page, line: Points, weight: int, rounding: Rounding) -> Iterator[Answer]:
    worked, place = page.worked, line.place
    printed, exact = page.printed(place), worked.computed[place].reshape(page.printed(place).shape)
    found = known_mistakes(worked, worked.calculation[place])
    for index in np.ndindex(printed.shape):
        value: Decimal = printed.item(index)
        half = float(rounding.half_unit(np.float64(abs(value))))
        wrong = {
            values.reshape(printed.shape).item(index): sentence for values, sentence in found[::-1]
        }
        others = [(one, text) for one, text in wrong.items() if abs(one - value) > half]
        yield Answer(
            place=place,
            index=index,
            symbol=tex(page.symbol(place, *index)),
            part=line.part,
            value=value,
            tolerance=0.0 if value == exact.item(index) else half * ROUND_OFF,
            weight=weight,
            mistakes=tuple(others[: -MAX_MISTAKES - 1 : -1]),
        )


def known_mistakes(worked: WorkedOut, quantity: Quantity) -> list[tuple[np.ndarray, str]]:
    """What each known mistake makes of a quantity whose inputs are right, as it is rounded."""
    places = {**quantity.nearby, **quantity.inputs}
    values = {role: worked.carried[p] for role, p in places.items() if p in worked.carried}
    found = []
    with localcontext(EXACT):
        for mistake in SPECIFIC:
            if mistake.fits(quantity, worked.carried.keys()):
                found += [(one, mistake.sentence) for one in _outcomes(mistake, quantity, values)]
    shape = worked.printed[quantity.place].shape
    rounded = worked.rounding.rounded
    return [
        (each(rounded, numbers), sentence)
        for numbers, sentence in found
        if numbers.shape == shape and each(Decimal.is_finite, numbers).all()
    ]


def _outcomes(
    mistake: Mistake, quantity: Quantity, values: dict[str, np.ndarray]
) -> Iterator[np.ndarray]:
    """Every way to make a mistake that gives numbers."""
    for way in mistake.variants(values):
        # A matrix that is not square cannot be multiplied transposed.
        with suppress(ValueError, IndexError):
            yield np.asarray(way(quantity.formula, values), dtype=object)
