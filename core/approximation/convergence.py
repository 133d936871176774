"""Experiments with the number of points: the error by grid and n, and how fast it falls."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.approximation import cost as cost
from core.approximation.adaptive_grids import ADAPTIVE
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.formula.formula import Formula
from core.approximation.grids import GRIDS, MINIMAL, largest_spacing
from core.approximation.minimal.smallest_network import least_error_with
from core.approximation.polyline.target import FormulaTarget
from core.approximation.relu.interpolation import (
    ReluInterpolation,
    interpolate,
    interpolate_function,
)
from core.approximation.theory import Theory
from core.errors import UnknownName

EVERY_GRID = (*GRIDS, *ADAPTIVE, MINIMAL)
# An error of this many units of rounding in the largest value says nothing about convergence.
ROUNDING_UNITS = 16.0


@dataclass(frozen=True)
class Experiment:
    """One grid with one n."""

    grid: str
    n: int
    spacing: float
    """The largest distance between neighbours; h where they are equidistant."""
    max_error: float
    rms_error: float
    observed_order: float | None
    """p in max_error ~ (n - 1)^-p, from the n before; None for the first and at rounding level."""


def convergence(
    function: Formula, interval: tuple[float, float], ns: Sequence[int], grids: Sequence[str]
) -> list[Experiment]:
    """Approximate f on every grid with every n, grid by grid in the order given.

    `greedy` and `minimal` may need fewer points than n; the row is that of n all the same. Raises
    `UnknownName` for an unknown grid, and what the grids raise.
    """
    table: list[Experiment] = []
    for name in grids:
        if name not in EVERY_GRID:
            raise UnknownName(
                f"there is no grid {name!r}; there are {', '.join(EVERY_GRID)}", ("grids",)
            )
        before: Experiment | None = None
        for n in ns:
            before = _experiment(function, interval, name, n, before)
            table.append(before)
    return table


def _experiment(
    function: Formula, interval: tuple[float, float], name: str, n: int, before: Experiment | None
) -> Experiment:
    approximation = _approximated(function, interval, name, n)
    grid = approximation.grid
    error = sampled_error(function, approximation, grid)
    rounding = ROUNDING_UNITS * np.finfo(np.float64).eps * np.max(np.abs(approximation.values))
    order = (
        None
        if before is None or error.max_error <= rounding
        else _order(before, n, error.max_error)
    )
    return Experiment(name, n, largest_spacing(grid), error.max_error, error.rms_error, order)


def _approximated(
    function: Formula, interval: tuple[float, float], name: str, n: int
) -> ReluInterpolation:
    if name == MINIMAL:
        found = least_error_with(FormulaTarget(function, interval), n, prove=False)
        return interpolate(found.grid, found.values)
    if name in ADAPTIVE:
        return interpolate_function(function, ADAPTIVE[name](function, *interval, n))
    return interpolate_function(function, GRIDS[name](*interval, n))


def _order(before: Experiment, n: int, max_error: float) -> float | None:
    """log(e_1 / e_2) / log((n_2 - 1) / (n_1 - 1))."""
    if n == before.n or before.max_error == 0.0:
        return None
    return float(np.log(before.max_error / max_error) / np.log((n - 1) / (before.n - 1)))


@dataclass(frozen=True, eq=False)
class Comparison:
    """The error table, and the constants of the lines beside it."""

    function: str
    experiments: Sequence[Experiment]
    theory: Theory
