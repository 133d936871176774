"""Exercises like Task 7 of docs/exercise-sheet.md: a table of values and its ReLU network."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from core.arrays import Array
from core.errors import OutOfDomain, TooLong
from core.solutions.calculation.evaluation import WorkedOut, work_out
from core.solutions.calculation.relu_system import (
    INTERVAL,
    VALUES,
    equidistant_calculation,
    lambda_at,
)
from core.solutions.derivation.given import rounding_instruction
from core.solutions.derivation.page import Page, number
from core.solutions.document import Block, Document, Equations, Heading, Paragraph
from core.solutions.exercises.exercise import Exercise
from core.solutions.exercises.marking_scheme import system_points
from core.solutions.exercises.questions import questions
from core.solutions.exercises.seeded_random import SeededRandom
from core.solutions.notation.tree import row
from core.solutions.relu_solution import relu_solution
from core.solutions.rounding import Rounding

MAX_POINTS = 8
ATTEMPTS = 2000
LARGEST = 16
"""The largest λ that is easy to compute with."""
_SPACINGS = tuple(map(Decimal, ("0.2", "0.25", "0.5", "1")))


@dataclass(frozen=True)
class ReluTask:
    """`n` equidistant points; raises `OutOfDomain` for fewer than 2, `TooLong` beyond 8."""

    n: int
    rounding: Rounding

    def __post_init__(self) -> None:
        """Refuse what makes no usable sheet."""
        if self.n < 2:
            raise OutOfDomain(f"a system has at least 2 points, got {self.n}", ("n",))
        if self.n > MAX_POINTS:
            raise TooLong(
                f"{self.n} points are too many for a sheet; it takes {MAX_POINTS}", ("n",)
            )


def relu_exercise(task: ReluTask, seed: int) -> Exercise:
    """The sheet of a seed: the first draft with exact numbers, small λ and at most one that is 0.

    Raises `TooLong` where no draft is, as with no decimals.
    """
    for attempt in range(ATTEMPTS):
        lots = SeededRandom(seed, attempt)
        h = lots.one_of(_SPACINGS)
        a = lots.integer(-2, 2) * h * (1 if h == 1 else 2)
        interval = (float(a), float(a + (task.n - 1) * h))
        values = lots.tenths((task.n,), 20)
        worked = work_out(equidistant_calculation(interval, values), task.rounding)
        if _has_easy_numbers(worked, task.n):
            return _exercise(task, interval, values, worked)
    raise TooLong(
        f"none of {ATTEMPTS} sheets of {task.n} points has only exact numbers with "
        f"{task.rounding.digits} {task.rounding.kind}",
        ("n",),
    )


def _has_easy_numbers(worked: WorkedOut, n: int) -> bool:
    exact = all(worked.is_exact(quantity.place) for quantity in worked.calculation.quantities)
    lambdas = [worked.computed[lambda_at(i)].item() for i in range(n)]
    return exact and lambdas.count(0) < 2 and max(map(abs, lambdas)) <= LARGEST


def _exercise(
    task: ReluTask, interval: tuple[float, float], values: Array, worked: WorkedOut
) -> Exercise:
    page = Page(worked, ())
    a, b = page.printed(INTERVAL)
    scheme = tuple(system_points(page))
    blocks: list[Block] = [
        Heading("Given"),
        Paragraph(
            (
                "A function is known at ",
                row("n", "equals", task.n),
                " equidistant points of ",
                row("[", "a", "comma", "b", "]", "equals", "[", number(a), "comma", number(b), "]"),
                ":",
            )
        ),
        Equations((row(page.symbol(VALUES), "equals", page.shown(VALUES)),)),
        Paragraph(rounding_instruction(task.rounding)),
        Heading("Tasks"),
        *(Paragraph(sentence) for sentence in questions("relu_system", scheme)),
    ]
    n = task.n
    grid = np.linspace(*interval, n)
    question = {"interval": interval, "n": n, "x": grid, "y": values}
    key = relu_solution(grid, values, task.rounding, interval)
    title = f"Exercise: a ReLU network through {n} points"
    return Exercise(question, Document(title, tuple(blocks)), key, scheme, worked)
