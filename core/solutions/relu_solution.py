"""Worked solution of Task 7 (docs/exercise-sheet.md): the system row by row, and the network."""

from jaxtyping import Float

from core.arrays import Array, require_finite
from core.errors import TooLong
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.quantity import Calculation
from core.solutions.calculation.relu_system import (
    GRID,
    INTERVAL,
    equidistant_calculation,
    grid_calculation,
)
from core.solutions.derivation.given import rounding_sentence
from core.solutions.derivation.page import Page, number
from core.solutions.derivation.relu.function import FunctionFormula
from core.solutions.derivation.relu.grid import grid_steps, is_equidistant, values_step
from core.solutions.derivation.relu.network import network_formulas
from core.solutions.derivation.relu.system import lambda_step, system
from core.solutions.document import Block, Document, Equations, Heading, Paragraph
from core.solutions.notation.tree import Mark, Math, row
from core.solutions.rounding import Rounding
from core.solutions.step import Sentence

MAX_POINTS = 12
"""Beyond this a row of the system is too long for a line."""


def relu_solution(
    grid: Float[Array, "n"],
    values: Float[Array, "n"],
    rounding: Rounding,
    interval: tuple[float, float] | None = None,
    found: bool = False,
    function: FunctionFormula | None = None,
) -> Document:
    """NN(x) = Σ_j λ_j ReLU(x - b_j) through (x_i, f(x_i)); `interval` if the x_i are equidistant.

    With `found` points and values are those of a best network, whose values are not f's; `function`
    is the formula of f, where it has one. The grid has at least 2 points and increases. Raises
    `TooLong` for more points than `MAX_POINTS` and `NotFinite` where two points are rounded to the
    same number.
    """
    require_few_points(len(grid))
    require_finite(values, "the value of the function at point", ("function",))
    page = Page(work_out(relu_calculation(grid, values, interval), rounding), ())
    blocks: list[Block] = [Heading("Given"), *_given(page, len(grid), function)]
    blocks += [Heading("Points and knots"), *grid_steps(page), values_step(page, found, function)]
    blocks += [
        Heading("The system"),
        Paragraph(("Each point gives one equation; ReLU leaves the unknowns up to its own:",)),
        Equations((system(page),)),
        Heading("Forward substitution"),
        *(lambda_step(page, i) for i in range(len(grid))),
        Heading("The network"),
        Equations(network_formulas(page)),
    ]
    return Document(f"A ReLU network through {len(grid)} points", tuple(blocks))


def _given(page: Page, n: int, function: FunctionFormula | None) -> list[Block]:
    f: Math = Mark("f")
    if function is not None:
        f = row("f", "(", "x", ")", "equals", function(Mark("x")))
    if is_equidistant(page):
        ends = page.printed(INTERVAL)
        numbers = row(
            "[",
            "a",
            "comma",
            "b",
            "]",
            "equals",
            "[",
            number(ends[0]),
            "comma",
            number(ends[1]),
            "]",
        )
        what: Sentence = (
            "The function " if function else "A function ",
            f,
            " on ",
            numbers,
            " at ",
            row("n", "equals", n),
            " points.",
        )
    else:
        what = (
            "The function " if function else "A function ",
            f,
            " at ",
            row("n", "equals", n),
            " points:",
        )
    grid = (
        ()
        if is_equidistant(page)
        else (Equations((row(page.symbol(GRID), "equals", page.shown(GRID)),)),)
    )
    return [Paragraph(what), *grid, Paragraph(rounding_sentence(page.worked.rounding))]


def require_few_points(points: int) -> None:
    """Raise `TooLong` for a system that fits on no page."""
    if points > MAX_POINTS:
        raise TooLong(
            f"the triangular system of {points} points has {points * (points + 1) // 2} "
            f"coefficients; worked solutions take up to {MAX_POINTS} points",
            ("n",),
        )


def relu_calculation(
    grid: Float[Array, "n"],
    values: Float[Array, "n"],
    interval: tuple[float, float] | None = None,
) -> Calculation:
    """The system of Task 7 for equidistant points on `interval`, the general one without."""
    if interval is not None:
        return equidistant_calculation(interval, values)
    return grid_calculation(grid, values)
