"""NN(x) = Σ_j λ_j ReLU(x - b_j) with its numbers, broken where a line of the page is full."""

from core.solutions.calculation.relu_system import KNOTS, lambda_at
from core.solutions.derivation.page import Page, number
from core.solutions.derivation.symbols import indexed
from core.solutions.notation.tree import Limits, Mark, Math, Row, row
from core.solutions.notation.width import width
from core.solutions.step import PAGE_WIDTH


def network_formulas(page: Page) -> tuple[Math, ...]:
    """NN by its sum, then the terms of the sum, as many to a line as there is room for."""
    n = len(page.printed(KNOTS))
    total = Limits(Mark("sum"), row("j", "equals", 1), row(n))
    unit = row("ReLU", "(", "x", "minus", indexed("b", "j"), ")")
    by_sum = row("NN", "(", "x", ")", "equals", total, indexed("lambda", "j"), unit)
    exact = page.is_exact(KNOTS, *map(lambda_at, range(n)))
    lines = [row("equals" if exact else "approximately", _term(page, 0))]
    for j in range(1, n):
        term = row(_sign(page, j), _term(page, j))
        if width(lines[-1]) + width(term) <= PAGE_WIDTH:
            lines[-1] = row(*lines[-1].items, term)
        else:
            lines.append(term)
    return (by_sum, *lines)


def _sign(page: Page, j: int) -> str:
    return "minus" if page.printed(lambda_at(j)).item().is_signed() else "plus"


def _term(page: Page, j: int) -> Row:
    """λ_j ReLU(x - b_j), without the sign of λ_j but in the first."""
    weight, knot = page.printed(lambda_at(j)).item(), page.printed(KNOTS)[j]
    shift = ("plus" if knot.is_signed() else "minus", number(knot.copy_abs()))
    shown = number(weight.copy_abs() if j else weight)
    return row(shown, "ReLU", "(", "x", *(shift if knot else ()), ")")
