"""POST /approximate: the formula of a question, on its interval."""

from collections.abc import Sequence

import numpy as np

from core.approximation.expression import parse
from core.approximation.formula_target import FormulaTarget
from core.approximation.grid import equidistant, strictly_increasing
from core.errors import InvalidGrid


def parse_target(
    text: str,
    rule: str | np.ndarray,
    interval: Sequence[float] | None,
    side: str = "both",
    relative: bool = False,
) -> FormulaTarget:
    """The function of a formula on its interval, or from end to end of a grid of numbers.

    Raises `InvalidFormula`, `InvalidGrid` and `ShapeMismatch`.
    """
    function = parse(text)
    if isinstance(rule, str):
        a, b = interval or (0.0, 0.0)
        equidistant(a, b, 2)  # refuses what is no interval
    else:
        a, b = _ends(rule, interval)
    return FormulaTarget(function, (a, b), side, relative)


def _ends(points: np.ndarray, interval: Sequence[float] | None) -> tuple[float, float]:
    grid = strictly_increasing(points)
    if interval and not interval[0] <= grid[0] <= grid[-1] <= interval[1]:
        raise InvalidGrid(
            f"the grid reaches from {grid[0]:g} to {grid[-1]:g}, "
            f"but the interval from {interval[0]:g} to {interval[1]:g}",
            ("grid",),
        )
    return float(grid[0]), float(grid[-1])
