"""What a known mistake is: a small function that computes what one gets by it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from core.errors import Place
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Formula, Quantity, Values

Mistaken = Callable[[Formula, Values], Numbers]
"""(the right formula, what stands on the page by its role) -> the mistaken value."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """One entry of the table `MISTAKES`."""

    name: str
    sentence: str
    """What was done, for the student."""
    quantities: frozenset[str]
    """The names of the quantities it happens to; empty for any."""
    value: Mistaken
    functions: frozenset[str] = frozenset()
    """The activations or losses for which it makes sense; empty for all."""
    needs: frozenset[str] = frozenset()
    """Roles that have to be on the page."""

    def fits(self, quantity: Quantity, written: Collection[Place]) -> bool:
        """Whether one can make it at this quantity, with these places on the page."""
        places = {**quantity.nearby, **quantity.inputs}
        return (
            (not self.quantities or quantity.name in self.quantities)
            and (not self.functions or quantity.function in self.functions)
            and all(role in places and places[role] in written for role in self.needs)
        )

    def formula(self, right: Formula) -> Formula:
        """The mistaken formula in place of the right one."""
        return lambda values: self.value(right, values)


def mistake(
    name: str,
    sentence: str,
    quantities: str,
    value: Mistaken,
    *,
    functions: str = "",
    needs: str = "",
) -> Mistake:
    """An entry; names are separated by spaces."""
    return Mistake(
        name,
        sentence,
        frozenset(quantities.split()),
        value,
        frozenset(functions.split()),
        frozenset(needs.split()),
    )


def reading(**roles: str) -> Mistaken:
    """The right formula, with something else read in the place of an input."""
    return lambda f, v: f({**v, **{role: v[other] for role, other in roles.items()}})


def changing(role: str, change: Callable[[Numbers], Numbers]) -> Mistaken:
    """The right formula, with one input changed."""
    return lambda f, v: f({**v, role: change(v[role])})


def times(factor: Numbers) -> Mistaken:
    """The right value, multiplied by a number."""
    return lambda f, v: f(v) * factor


def transposed(matrix: Numbers) -> Numbers:
    """Rows and columns exchanged."""
    return matrix.T
