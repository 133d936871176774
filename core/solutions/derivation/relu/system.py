"""The triangular system of Task 7 (docs/exercise-sheet.md) and its forward substitution."""

from dataclasses import replace
from decimal import Decimal, localcontext

from core.solutions.calculation.relu_system import GRID, KNOTS, SPACING, VALUES, lambda_at
from core.solutions.derivation.page import Page, as_array, factor, number
from core.solutions.derivation.relu.grid import is_equidistant
from core.solutions.derivation.symbols import indexed
from core.solutions.notation.tree import Fraction, Math, Row, column, matrix, row
from core.solutions.rounding import EXACT
from core.solutions.step import Sentence, Step

Triangle = list[list[Decimal | None]]
"""None above the diagonal."""


def system(page: Page) -> Math:
    """The triangular system with its numbers: h T λ = f, or (x_i - b_j) λ = f."""
    values = page.printed(VALUES)
    n = len(values)
    lambdas = column(indexed("lambda", i + 1) for i in range(n))
    if is_equidistant(page):
        counts = [[Decimal(i - j + 1) if j <= i else None for j in range(n)] for i in range(n)]
        left = row(number(page.printed(SPACING).item()), _triangle(counts))
    else:
        left = row(_triangle(_printed(page, _coefficients(page))))
    return row(left, lambdas, "equals", as_array(values))


def lambda_step(page: Page, i: int) -> Step:
    """Row i (from 0) of the system, solved for its last unknown."""
    values, exact = page.printed(VALUES), _coefficients(page)
    shown = _printed(page, exact)
    formula, plugged = row(indexed("f", i + 1)), row(number(values[i]))
    for j in range(i):
        known = page.printed(lambda_at(j)).item()
        share = number(shown[i][j] or Decimal(0))
        formula = row(*formula.items, "minus", _coefficient(page, i, j), indexed("lambda", j + 1))
        plugged = row(*plugged.items, "minus", share, "times", factor(known))
    step = page.step(
        lambda_at(i),
        Fraction(formula, row(*_distance(page, i, i))),
        Fraction(plugged, number(shown[i][i] or Decimal(0))),
        plugged=(VALUES, *map(lambda_at, range(i))),
        note=_row_of_system(page, i),
    )
    return replace(step, plugged_exactly=step.plugged_exactly and shown[i] == exact[i])


def _row_of_system(page: Page, i: int) -> Sentence:
    terms: list[Math | str] = []
    for j in range(i + 1):
        terms += ["plus"] if terms else []
        terms += [_coefficient(page, i, j), indexed("lambda", j + 1)]
    return (f"Row {i + 1}: ", row(*terms, "equals", indexed("f", i + 1)), ".")


def _coefficient(page: Page, i: int, j: int) -> Row:
    """(i - j + 1) h, or x_i - b_j in parentheses."""
    distance = _distance(page, i, j)
    return row(*distance) if is_equidistant(page) else row("(", *distance, ")")


def _distance(page: Page, i: int, j: int) -> tuple[Math | str | int, ...]:
    if is_equidistant(page):
        return (*(() if i == j else (i - j + 1,)), "h")
    return (indexed("x", i + 1), "minus", indexed("b", j + 1))


def _coefficients(page: Page) -> Triangle:
    """x_i - b_j of the numbers that are computed with."""
    carried = page.worked.carried
    n = len(carried[VALUES])
    with localcontext(EXACT):
        if is_equidistant(page):
            h = carried[SPACING].item()
            return [[(i - j + 1) * h if j <= i else None for j in range(n)] for i in range(n)]
        grid, knots = carried[GRID], carried[KNOTS]
        return [[grid[i] - knots[j] if j <= i else None for j in range(n)] for i in range(n)]


def _printed(page: Page, exact: Triangle) -> Triangle:
    """What is carried on stands there with all its digits, else rounded as everything is."""
    rounding = page.worked.rounding
    return [
        [
            None if one is None else _short(one) if rounding.each_step else rounding.rounded(one)
            for one in line
        ]
        for line in exact
    ]


def _short(coefficient: Decimal) -> Decimal:
    return coefficient.normalize() if coefficient else Decimal(0)


def _triangle(rows: Triangle) -> Math:
    return matrix([row() if one is None else number(one) for one in line] for line in rows)
