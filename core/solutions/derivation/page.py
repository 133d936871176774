"""The numbers of a calculation as they stand on the page, for one sample at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.arrays import Array
from core.conventions import Conventions
from core.errors import Place
from core.solutions.calculation.activations import LEAK
from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.calculation.quantity import (
    INPUT,
    LOSS,
    LOSSES,
    SAMPLE_WEIGHTS,
    TARGET,
    at,
)
from core.solutions.derivation.symbols import symbol_of
from core.solutions.notation.tree import (
    Fenced,
    Math,
    Number,
    Row,
    column,
    joined,
    matrix,
    row,
)
from core.solutions.rounding import plain
from core.solutions.step import EntryForms, Sentence, Step

_PER_SAMPLE = {"s", "x", "x_gradient", "slope", "delta", "sample_weights_gradients"}
WIDEST_SUM = 4
"""Maximum products that are written out number by number."""


@dataclass(frozen=True, eq=False)
class Page:
    """What has been worked out, seen from one sample."""

    worked: WorkedOut
    activations: tuple[str, ...]
    sample: int = 0
    by_rows: bool = False
    """Whether formulas are for row vectors: products in the other order, indices of w too."""

    @property
    def book(self) -> Conventions:
        """The conventions by which the page is written."""
        return self.worked.calculation.conventions

    @property
    def leak(self) -> Decimal:
        """The slope of the leaky ReLU below 0."""
        return LEAK if self.book.leak is None else Decimal(str(self.book.leak))

    @property
    def has_target(self) -> bool:
        """Whether y is given, which it is not where E is the output itself."""
        calculation = self.worked.calculation
        place = LOSSES if LOSSES in calculation else LOSS
        return place in calculation and calculation[place].function != "none"

    @property
    def given_weight(self) -> tuple[Place, ...]:
        """The place of the weights of the samples, where they have some."""
        return (SAMPLE_WEIGHTS,) if SAMPLE_WEIGHTS in self.worked.calculation.given else ()

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.worked.carried[INPUT]) if INPUT in self.worked.carried else 1

    @property
    def sizes(self) -> tuple[int, ...]:
        """(d^(0), …, d^(L))."""
        widths = (len(self.printed(at(i, "biases"))) for i in range(len(self.activations)))
        return (len(self.printed(INPUT)), *widths)

    @property
    def sample_name(self) -> int | None:
        """The name of the sample where there are several."""
        return self.sample if self.samples > 1 else None

    def printed(self, place: Place) -> Array:
        """The numbers at a place: (), (d,) of this sample, or (d_out, d_in)."""
        return self._own(place, self.worked.printed[place])

    def is_exact(self, *places: Place) -> bool:
        """Whether nothing of these has been rounded for the page."""
        return all(
            bool(np.all(self.printed(p) == self._own(p, self.worked.computed[p]))) for p in places
        )

    def carries_exactly(self, *places: Place) -> bool:
        """Whether the page shows the numbers that are computed with."""
        return self.worked.rounding.each_step or self.is_exact(*places)

    def carries_all_exactly(self, place: Place) -> bool:
        """Whether the page shows what is computed with, of every sample."""
        return self.worked.rounding.each_step or self.worked.is_exact(place)

    def symbol(self, place: Place, *index: int) -> Math:
        """The symbol of the quantity at a place, or of one number of it."""
        activation = self.activations[int(place[1])] if place[0] == "layers" else "sigmoid"
        sample = self.sample_name if _is_per_sample(place) else None
        index = self.ordered(*index)
        symbol = symbol_of(place, activation, sample, index)
        if self.book.delta == "error" and place[0] == "layers" and place[-1] == "x_gradient":
            return row("minus", symbol)
        if self.book.update == "step" and str(place[-1]).startswith("updated_"):
            name = str(place[-1]).removeprefix("updated_")
            return row("increment", symbol_of((*place[:-1], name), activation, sample, index))
        return symbol

    def ordered(self, *index: int) -> tuple[int, ...]:
        """The indices of one number as they are written."""
        return index[::-1] if self.by_rows and len(index) == 2 else index

    def product(self, left: Array, right: Array) -> Row:
        """Two arrays side by side, with a dot between them where one is a single number."""
        left, right = (right, left) if self.by_rows else (left, right)
        dot = ("times",) if 1 in (left.size, right.size) else ()
        return row(as_array(left), *dot, plugged_in(right))

    def product_of_symbols(self, left: Math, right: Math) -> Row:
        """Two symbols in the order of a product of matrices."""
        return row(right, left) if self.by_rows else row(left, right)

    def weighted(self, formula: Math, substituted: Math) -> tuple[Math, Math]:
        """Both times the weight of the sample, where the samples have weights."""
        if not self.given_weight:
            return formula, substituted
        weight = number(self.printed(SAMPLE_WEIGHTS).item())
        return (
            row(self.symbol(SAMPLE_WEIGHTS), "times", Fenced(formula)),
            row(weight, "times", Fenced(substituted)),
        )

    def shown(self, place: Place) -> Math:
        """The numbers at a place, as a number, a column or a matrix."""
        return as_array(self.printed(place))

    def step(
        self,
        place: Place,
        formula: Math,
        *substituted: Math,
        plugged: Sequence[Place] = (),
        note: Sentence = (),
        leads_with: str = "equals",
        entry: EntryForms | None = None,
    ) -> Step:
        """The step that computes `place`, with the numbers of `plugged` in it.

        `entry` has the formula and the numbers put in of one number of it, by its index.
        """
        of_sample = _is_per_sample(place)

        def named(index: tuple[int, ...]) -> tuple[Math, ...]:
            forms = entry(index) if entry else (formula,)
            return self.symbol(place, *index), *forms

        return Step(
            place=place,
            symbol=self.symbol(place),
            formula=formula,
            substituted=substituted,
            value=self.printed(place),
            shown=self.shown(place),
            plugged_exactly=self.carries_exactly(*plugged),
            exact=self.is_exact(place),
            sample=self.sample_name if of_sample else None,
            note=note,
            leads_with=leads_with,
            entry=named if entry or np.ndim(self.printed(place)) else None,
            exact_entries=np.asarray(
                self.printed(place) == self._own(place, self.worked.computed[place])
            ),
        )

    def _own(self, place: Place, numbers: Array) -> Array:
        return np.asarray(numbers[self.sample]) if _is_per_sample(place) else numbers


def _is_per_sample(place: Place) -> bool:
    if place in (INPUT, TARGET, SAMPLE_WEIGHTS, LOSSES):
        return True
    return place[0] == "layers" and place[2] in _PER_SAMPLE


def number(value: Decimal) -> Number:
    """A number on the page."""
    return Number(plain(value))


def as_array(numbers: Array) -> Math:
    """A scalar, a column vector or a matrix of numbers."""
    if numbers.ndim == 0:
        return number(numbers.item())
    if numbers.ndim == 1:
        return column(map(number, numbers))
    return matrix([number(value) for value in line] for line in numbers)


def plugged_in(numbers: Array) -> Math:
    """The same after another factor or a sign: a single negative number needs parentheses."""
    return factor(numbers.item()) if numbers.size == 1 else as_array(numbers)


def factor(value: Decimal) -> Math:
    """A number as a later factor of a product: in parentheses where it is negative."""
    return Fenced(number(value)) if value.is_signed() else number(value)


def sum_of_products(terms: Sequence[tuple[Decimal, ...]]) -> Row:
    """Terms of one or more factors: 0.1 · 1 - 0.2 · 2 + 0.2."""
    parts: list[Math | str] = []
    for first, *others in terms:
        leading = first
        if parts:
            parts.append("minus" if first.is_signed() else "plus")
            leading = first.copy_abs()
        parts.append(number(leading))
        for other in others:
            parts += ["times", factor(other)]
    return row(*parts)


def sum_over(products: Sequence[tuple[Math, ...]]) -> Row:
    """A sum of products of symbols; of many only the first and the last one."""
    terms = [row(*factors) for factors in products]
    if len(terms) > WIDEST_SUM:
        terms = [terms[0], row("dots"), terms[-1]]
    return joined(terms, "plus")
