"""POST /approximate: the formula of a question, on its interval."""

from typing import TYPE_CHECKING

import numpy as np

from core.approximation.expression import parse
from core.approximation.formula_target import FormulaTarget
from core.approximation.grid import equidistant, strictly_increasing
from core.errors import InvalidGrid

if TYPE_CHECKING:
    from service.wire.approximate import ApproximateQuestion


def target_of(question: "ApproximateQuestion") -> FormulaTarget:
    """What is to be approximated; raises what the core refuses of formula, interval and grid."""
    function = parse(question.function or "")
    if isinstance(question.rule, str):
        a, b = question.interval or (0.0, 0.0)
        equidistant(a, b, 2)  # refuses what is no interval
    else:
        a, b = _ends(question.rule, question.interval)
    return FormulaTarget(function, (a, b), question.side, question.error == "relative")


def _ends(points: np.ndarray, interval: list[float] | None) -> tuple[float, float]:
    grid = strictly_increasing(points)
    if interval and not interval[0] <= grid[0] <= grid[-1] <= interval[1]:
        raise InvalidGrid(
            f"the grid reaches from {grid[0]:g} to {grid[-1]:g}, "
            f"but the interval from {interval[0]:g} to {interval[1]:g}",
            ("grid",),
        )
    return float(grid[0]), float(grid[-1])
