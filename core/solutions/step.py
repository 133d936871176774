"""One step of a worked solution: a quantity, its formula, the numbers plugged in, the result."""

from dataclasses import dataclass

from core.arrays import Array
from core.errors import Place
from core.solutions.notation.tree import Math, Row, as_math, row
from core.solutions.notation.width import width

PAGE_WIDTH = 72.0
"""The digits that a line of mathematics holds."""


@dataclass(frozen=True)
class Reference:
    """The number of another step, as writers count them."""

    place: Place
    sample: int | None = None


Sentence = tuple[str | Math | Reference, ...]


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

    @property
    def id(self) -> str:
        """The place as a JSON pointer into /backprop's answer, "layers/0/s"; one per sample."""
        path = "/".join(map(str, self.place))
        return path if self.sample is None else f"samples/{self.sample}/{path}"

    @property
    def lines(self) -> tuple[Row, ...]:
        """All that follows the symbol, broken where a line of the page is full.

        Each line begins with its relation.
        """
        lines = [[row(self.leads_with, self.formula)]]
        room = PAGE_WIDTH - width(self.symbol)
        for link in self._chain:
            if sum(map(width, lines[-1])) + width(link) <= room:
                lines[-1].append(link)
            else:
                lines.append([link])
        return tuple(map(Row, map(tuple, lines)))

    @property
    def _chain(self) -> tuple[Row, ...]:
        """Everything after the formula, each with the relation before it."""
        plug = "equals" if self.plugged_exactly else "approximately"
        links = [row(plug if i == 0 else "equals", f) for i, f in enumerate(self.substituted)]
        links.append(row("equals" if self.exact else "approximately", as_math(self.shown)))
        return tuple(links)
