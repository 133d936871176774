"""The first steps of Task 7 (docs/exercise-sheet.md): spacing, grid, knots, and f there."""

from collections.abc import Iterator
from decimal import Decimal

from core.solutions.calculation.relu_system import GRID, INTERVAL, KNOTS, SPACING, VALUES
from core.solutions.derivation.page import Page, factor, number, sum_of_products
from core.solutions.derivation.relu.function import FunctionFormula
from core.solutions.derivation.symbols import indexed
from core.solutions.notation.tree import Fenced, Fraction, Row, column, row
from core.solutions.step import Sentence, Step


def grid_steps(page: Page) -> Iterator[Step]:
    """H, the points x_i and the knots b_j; only the knots where the grid is given."""
    first = page.printed(GRID)[0]
    if not is_equidistant(page):
        second = page.printed(GRID)[1]
        formula = row(
            indexed("x", 1), "minus", Fenced(row(indexed("x", 2), "minus", indexed("x", 1)))
        )
        difference = Fenced(row(number(second), "minus", factor(first)))
        yield _knots(page, formula, row(number(first), "minus", difference))
        return
    a, b = page.printed(INTERVAL)
    h, n = page.printed(SPACING).item(), len(page.printed(VALUES))
    yield page.step(
        SPACING,
        Fraction(row("b", "minus", "a"), row("n", "minus", 1)),
        Fraction(row(number(b), "minus", factor(a)), row(n, "minus", 1)),
        plugged=(INTERVAL,),
    )
    yield page.step(
        GRID,
        row("a", "plus", "(", "i", "minus", 1, ")", "h"),
        column(sum_of_products([(a,), (Decimal(i), h)]) for i in range(n)),
        plugged=(INTERVAL, SPACING),
        entry=lambda index: (
            row("a", "plus", *(() if index[0] == 1 else (index[0],)), "h")
            if index[0]
            else row("a"),
            sum_of_products([(a,), (Decimal(index[0]), h)]),
        ),
    )
    numbers = row(number(a), "minus", factor(h))
    yield _knots(page, row("a", "minus", "h"), numbers)


def values_step(page: Page, found: bool, function: FunctionFormula | None = None) -> Step:
    """The values of f at the points, by its formula where there is one.

    Where a search has `found` the points these are the values that NN shall have there.
    """
    note: Sentence = (
        "The search for the best network has found the points and its values there; ",
        row("f", "(", indexed("x", "i"), ")"),
        " may be above or below.",
    )
    if found or function is None:
        name = "NN" if found else "f"
        return page.step(
            VALUES,
            row(name, "(", indexed("x", "i"), ")"),
            note=note if found else (),
            entry=lambda index: (row(name, "(", indexed("x", index[0] + 1), ")"),),
        )
    plugged = [function(number(one)) for one in page.printed(GRID)]
    return page.step(
        VALUES,
        row("f", "(", indexed("x", "i"), ")", "equals", function(indexed("x", "i"))),
        column(plugged),
        plugged=(GRID,),
        entry=lambda index: (function(indexed("x", index[0] + 1)), plugged[index[0]]),
    )


def is_equidistant(page: Page) -> bool:
    """Whether there is one spacing h."""
    return SPACING in page.worked.calculation


def _knots(page: Page, first: Row, numbers: Row) -> Step:
    grid = page.printed(GRID)[:-1]
    return page.step(
        KNOTS,
        column([first, *(indexed("x", i + 1) for i in range(len(grid)))]),
        column([numbers, *map(number, grid)]),
        plugged=(GRID,),
        entry=lambda index: (
            (row(indexed("x", index[0])), number(grid[index[0] - 1]))
            if index[0]
            else (first, numbers)
        ),
        note=("The first knot lies before the grid; every other is the point to its left.",),
    )
