"""A marking scheme: points per quantity."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Place
from core.solutions.derivation.page import Page
from core.solutions.document import Table
from core.solutions.notation.tree import Math, row

_POINTS = {
    "s": 2,
    "x": 1,
    "loss": 1,
    "delta": 2,
    "weights_gradient": 2,
    "biases_gradient": 1,
    "updated_weights": 1,
    "updated_biases": 1,
    "spacing": 1,
    "grid": 1,
    "knots": 1,
    "lambdas": 1,
}
"""For each quantity of each layer that a task asks for."""
PARTS = {
    "s": "a",
    "x": "a",
    "loss": "b",
    "delta": "c",
    "weights_gradient": "c",
    "biases_gradient": "c",
    "updated_weights": "d",
    "updated_biases": "d",
    "spacing": "a",
    "grid": "a",
    "knots": "a",
    "system": "b",
    "lambdas": "c",
    "network": "d",
}
"""The part of the task that asks for each quantity."""
_BY_THE_CHAIN_RULE = 1
"""On top for δ of a hidden layer, which takes a matrix product and not a difference."""


SYSTEM: Place = ("system",)
NETWORK: Place = ("network",)
"""What is written down in words and formulas, and marked by hand."""


@dataclass(frozen=True)
class Points:
    """What a quantity is worth; numbers that follow from an earlier slip get their points."""

    place: Place
    symbol: Math
    numbers: int
    points: int

    @property
    def part(self) -> str:
        """The letter of the part that asks for it."""
        return PARTS[next(word for word in reversed(self.place) if isinstance(word, str))]


def points(page: Page) -> Iterator[Points]:
    """The scheme of a page, in the order of the derivation."""
    for quantity in page.worked.calculation.quantities:
        if quantity.place == ("x_gradient",) or quantity.name not in _POINTS:
            continue
        worth = _POINTS[quantity.name]
        place = quantity.place
        if quantity.name == "delta" and int(place[1]) < len(page.activations) - 1:
            worth += _BY_THE_CHAIN_RULE
        yield Points(place, page.symbol(place), page.printed(place).size, worth)


def system_points(page: Page) -> Iterator[Points]:
    """The scheme of a ReLU system: its quantities, the system written down, and the network."""
    quantities = list(points(page))
    before = [one for one in quantities if one.place[0] != "lambdas"]
    n = sum(one.place[0] == "lambdas" for one in quantities)
    yield from before
    yield Points(SYSTEM, row("h", "T", "lambda", "equals", "f"), n * (n + 1) // 2, 2)
    yield from quantities[len(before) :]
    yield Points(NETWORK, row("NN", "(", "x", ")"), n, 1)


def scheme_table(scheme: tuple[Points, ...]) -> Table:
    """The scheme as it is printed, with the sum below."""
    rows = [((one.symbol,), (str(one.numbers),), (str(one.points),)) for one in scheme]
    total = (("Sum",), (str(sum(one.numbers for one in scheme)),), (str(total_points(scheme)),))
    return Table(("Quantity", "Numbers", "Points"), (*rows, total))


def points_of(scheme: tuple[Points, ...], part: str) -> int:
    """What a part of the task is worth."""
    return sum(one.points for one in scheme if one.part == part)


def total_points(scheme: tuple[Points, ...]) -> int:
    """What a complete solution is worth."""
    return sum(one.points for one in scheme)
