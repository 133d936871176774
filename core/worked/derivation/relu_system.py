"""The steps of the sheet's Task 7: spacing, grid, knots, then the triangular system row by row."""

from collections.abc import Iterator
from decimal import Decimal

from core.worked.calculation.relu_system import GRID, INTERVAL, KNOTS, SPACING, VALUES, lambda_at
from core.worked.derivation.page import Page, as_array, factor, number, sum_of_products
from core.worked.notation.tree import (
    Fenced,
    Fraction,
    Limits,
    Mark,
    Math,
    Row,
    Scripts,
    column,
    matrix,
    row,
)
from core.worked.steps import Reference, Step


def grid_steps(page: Page) -> Iterator[Step]:
    """H, the points x_i and the knots b_j; only the knots where the grid is given."""
    first = page.printed(GRID)[0]
    if not is_equidistant(page):
        second = page.printed(GRID)[1]
        formula = row(_at("x", 1), "minus", Fenced(row(_at("x", 2), "minus", _at("x", 1))))
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
    )
    numbers = row(number(a), "minus", factor(h))
    yield _knots(page, row("a", "minus", "h"), numbers)


def values_step(page: Page, found: bool) -> Step:
    """F at the points, or where a search has `found` them what NN shall be there."""
    note = (
        "The search for the best network has found the points and these values, which are NN's "
        "own: f itself may be above or below."
    )
    name = "NN" if found else "f"
    return page.step(VALUES, row(name, "(", _at("x", "i"), ")"), note=(note,) if found else ())


def is_equidistant(page: Page) -> bool:
    """Whether there is one spacing h."""
    return SPACING in page.worked.calculation


def _knots(page: Page, first: Row, numbers: Row) -> Step:
    grid = page.printed(GRID)[:-1]
    return page.step(
        KNOTS,
        column([first, *(_at("x", i + 1) for i in range(len(grid)))]),
        column([numbers, *map(number, grid)]),
        plugged=(GRID,),
        note=("The first knot lies before the grid; every other is the point to its left.",),
    )


def system(page: Page) -> Math:
    """The triangular system with its numbers: h T λ = f, or (x_i - b_j) λ = f."""
    values = page.printed(VALUES)
    n = len(values)
    lambdas = column(_at("lambda", i + 1) for i in range(n))
    if is_equidistant(page):
        counts = [[Decimal(i - j + 1) if j <= i else None for j in range(n)] for i in range(n)]
        left = row(number(page.printed(SPACING).item()), _triangle(counts))
    else:
        left = row(_triangle(_coefficients(page)))
    return row(left, lambdas, "equals", as_array(values))


def lambda_step(page: Page, i: int) -> Step:
    """Row i (from 0) of the system, solved for its last unknown."""
    values, coefficients = page.printed(VALUES), _coefficients(page)
    known = [page.printed(lambda_at(j)).item() for j in range(i)]
    formula, plugged = row(_at("f", i + 1)), row(number(values[i]))
    for j, one in enumerate(known):
        share = coefficients[i][j] or Decimal(0)
        formula = row(*formula.items, "minus", _coefficient(page, i, j), _at("lambda", j + 1))
        plugged = row(*plugged.items, "minus", number(share), "times", factor(one))
    last = coefficients[i][i] or Decimal(0)
    return page.step(
        lambda_at(i),
        Fraction(formula, _coefficient(page, i, i)),
        Fraction(plugged, number(last)),
        plugged=(VALUES, SPACING if is_equidistant(page) else KNOTS, *map(lambda_at, range(i))),
        note=_row_of_system(page, i),
    )


def _row_of_system(page: Page, i: int) -> tuple[str | Math | Reference, ...]:
    terms: list[Math | str] = []
    for j in range(i + 1):
        terms += ["plus"] if terms else []
        terms += [_coefficient(page, i, j), _at("lambda", j + 1)]
    return (f"Row {i + 1}: ", row(*terms, "equals", _at("f", i + 1)), ".")


def network_formula(page: Page) -> Math:
    """NN(x) = Σ_j λ_j ReLU(x - b_j), with all its numbers."""
    n = len(page.printed(VALUES))
    total = Limits(Mark("sum"), row("j", "equals", 1), row(n))
    unit = row("ReLU", "(", "x", "minus", _at("b", "j"), ")")
    parts: list[Math | str] = []
    for j, knot in enumerate(page.printed(KNOTS)):
        weight = page.printed(lambda_at(j)).item()
        sign = "minus" if weight.is_signed() else "plus"
        shift = ("plus" if knot.is_signed() else "minus", number(knot.copy_abs()))
        leading = weight.copy_abs() if parts else weight
        parts += [sign] if parts else []
        parts += [number(leading), row("ReLU", "(", "x", *(shift if knot else ()), ")")]
    function = row("NN", "(", "x", ")")
    relation = "equals" if page.is_exact(KNOTS, *map(lambda_at, range(n))) else "approximately"
    return row(function, "equals", total, _at("lambda", "j"), unit, relation, *parts)


def _at(letter: str, index: Math | str | int) -> Scripts:
    return Scripts(Mark(letter), below=row(index))


def _coefficient(page: Page, i: int, j: int) -> Math:
    """(i - j + 1) h, or x_i - b_j."""
    if is_equidistant(page):
        return row(*(() if i == j else (i - j + 1,)), "h")
    return row("(", _at("x", i + 1), "minus", _at("b", j + 1), ")")


def _coefficients(page: Page) -> list[list[Decimal | None]]:
    """x_i - b_j as printed, None above the diagonal."""
    n = len(page.printed(VALUES))
    if is_equidistant(page):
        h = page.printed(SPACING).item()
        return [[_short((i - j + 1) * h) if j <= i else None for j in range(n)] for i in range(n)]
    grid, knots = page.printed(GRID), page.printed(KNOTS)
    return [[_short(grid[i] - knots[j]) if j <= i else None for j in range(n)] for i in range(n)]


def _short(coefficient: Decimal) -> Decimal:
    return coefficient.normalize() if coefficient else Decimal(0)


def _triangle(rows: list[list[Decimal | None]]) -> Math:
    return matrix([row() if one is None else number(one) for one in line] for line in rows)
