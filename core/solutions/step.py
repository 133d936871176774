"""One step of a worked solution: a quantity, its formula, the numbers plugged in, the result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.arrays import Array
from core.errors import Place
from core.solutions.notation.breaks import broken
from core.solutions.notation.tree import Math, Row, as_math, row
from core.solutions.notation.width import width

PAGE_WIDTH = 80.0
"""The digits that a line of mathematics holds."""


@dataclass(frozen=True)
class Reference:
    """The number of another step, as writers count them."""

    place: Place
    sample: int | None = None

    @property
    def id(self) -> str:
        """That of the step."""
        return _id(self.place, self.sample)


def _id(place: Place, sample: int | None) -> str:
    path = "/".join(map(str, place))
    return path if sample is None else f"samples/{sample}/{path}"


Sentence = tuple[str | Math | Reference, ...]
EntryForms = Callable[[tuple[int, ...]], tuple[Math, ...]]
"""Index of one number -> (its symbol, its formula, the forms with numbers in it)."""


@dataclass(frozen=True, eq=False)
class StepEntry:
    """One number of a step: symbol = formula = substituted = value."""

    place: Place
    """The place in the answer of /backprop, with the index of the number."""
    symbol: Math
    formula: Math
    substituted: tuple[Math, ...]
    value: Decimal
    exact: bool
    """Whether the value has not been rounded."""


@dataclass(frozen=True, eq=False)
class Step:
    """symbol = formula = substituted = value.

    `value` holds the `Decimal`s that stand on paper: a scalar (), a vector (d,) or a matrix;
    `shown` is the same for writers. `substituted` may go on from one form to the next, or be empty
    where plugging in changes nothing.
    """

    place: Place
    symbol: Math
    formula: Math
    substituted: tuple[Math, ...]
    value: Array
    shown: Math
    plugged_exactly: bool = True
    """Whether the numbers plugged in are the ones computed with, in every digit."""
    exact: bool = True
    """Whether the value has not been rounded."""
    sample: int | None = None
    """Which sample, counted from 0, where there are several."""
    note: Sentence = ()
    leads_with: str = "equals"
    """The mark between symbol and formula."""
    entry: EntryForms | None = None
    """How one number is written; None for a step that is a single number."""
    exact_entries: Array | None = None
    """Which numbers have not been rounded; None where `exact` holds for all."""

    @property
    def id(self) -> str:
        """The place as a JSON pointer into /backprop's answer, "layers/0/s"; one per sample."""
        return _id(self.place, self.sample)

    @property
    def entries(self) -> Iterator[StepEntry]:
        """Every number of the step with its own formula, in reading order."""
        place = self.place if self.sample is None else (*self.place, self.sample)
        for index in np.ndindex(np.shape(self.value)):
            forms = self.entry(index) if self.entry else (self.symbol, self.formula)
            symbol, formula, *substituted = forms
            value: Decimal = np.asarray(self.value, dtype=object).item(index)
            yield StepEntry(
                place=(*place, *index),
                symbol=symbol,
                formula=formula,
                substituted=tuple(substituted) if self.entry else self.substituted,
                value=value,
                exact=self.exact if self.exact_entries is None else bool(self.exact_entries[index]),
            )

    @property
    def lines(self) -> tuple[Row, ...]:
        """All that follows the symbol, broken where a line of the page is full.

        A line begins with a relation, or with an operator where a form alone is wider.
        """
        lines: list[Row] = []
        room = PAGE_WIDTH - width(self.symbol)
        for link in self.links:
            if lines and width(lines[-1]) + width(link) <= room:
                lines[-1] = Row((*lines[-1].items, link))
            else:
                lines += broken(link, room)
        return tuple(lines)

    @property
    def links(self) -> tuple[Row, ...]:
        """The formula and everything after it, each with the relation before it."""
        plug = "equals" if self.plugged_exactly else "approximately"
        links = [row(self.leads_with, self.formula)]
        links += [row(plug if i == 0 else "equals", f) for i, f in enumerate(self.substituted)]
        links.append(row("equals" if self.exact else "approximately", as_math(self.shown)))
        return tuple(links)
