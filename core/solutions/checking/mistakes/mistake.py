"""A known mistake: a small function that computes the value to which it leads."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import Place
from core.solutions.calculation.functions import Numbers
from core.solutions.calculation.quantity import Formula, Quantity, Values

Mistaken = Callable[[Formula, Values], Numbers]
"""(the right formula, what stands on the page by its role) -> the mistaken value."""
Variants = Callable[[Values], Iterable[Mistaken]]
"""All the ways to make one mistake: which term, which two inputs."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """One entry of the table `MISTAKES`."""

    name: str
    sentence: str
    """What was done, for the student."""
    quantities: frozenset[str]
    """The names of the quantities it happens to; empty for any."""
    variants: Variants
    functions: frozenset[str] = frozenset()
    """The activations or losses for which it makes sense; empty for all."""
    needs: frozenset[str] = frozenset()
    """Roles that have to be on the page."""

    def fits(self, quantity: Quantity, written: Collection[Place]) -> bool:
        """Whether it can be made at this quantity, with these places on the page."""
        places = {**quantity.nearby, **quantity.inputs}
        return (
            (not self.quantities or quantity.name in self.quantities)
            and (not self.functions or quantity.function in self.functions)
            and all(role in places and places[role] in written for role in self.needs)
        )


def mistaken(way: Mistaken, right: Formula) -> Formula:
    """The mistaken formula in place of the right one."""
    return lambda values: way(right, values)


def mistake(
    name: str,
    sentence: str,
    quantities: str,
    value: Mistaken,
    *,
    functions: str = "",
    needs: str = "",
) -> Mistake:
    """An entry with one way to make it; names are separated by spaces."""
    return family(name, sentence, quantities, lambda v: (value,), functions=functions, needs=needs)


def family(
    name: str,
    sentence: str,
    quantities: str,
    variants: Variants,
    *,
    functions: str = "",
    needs: str = "",
) -> Mistake:
    """An entry with several ways to make it, depending on what stands on the page."""
    return Mistake(
        name,
        sentence,
        frozenset(quantities.split()),
        variants,
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


def columns(role: str, factors: Sequence[int]) -> Mistaken:
    """The right formula, with each column of an input multiplied by a whole number."""
    row = np.array(factors)
    return changing(role, lambda numbers: numbers * row)


def permuted(role: str, order: Sequence[int]) -> Mistaken:
    """The right formula, with the columns of an input in another order."""
    return changing(role, lambda numbers: numbers[..., list(order)])


def swaps(count: int) -> list[list[int]]:
    """Every order of `count` things in which two have changed places."""
    orders = []
    for i in range(count):
        for j in range(i + 1, count):
            order = list(range(count))
            order[i], order[j] = j, i
            orders.append(order)
    return orders
