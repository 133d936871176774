"""Task 7 (docs/exercise-sheet.md) as a calculation: grid, knots, and each λ in turn."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.functions import Numbers, noted, stacked, without_dust
from core.solutions.calculation.quantity import Calculation, Quantity, Values
from core.solutions.rounding import as_decimals

INTERVAL: Place = ("interval",)
SPACING: Place = ("spacing",)
GRID: Place = ("grid",)
VALUES: Place = ("values",)
KNOTS: Place = ("knots",)
FUNCTION: Place = ("function_values",)
"""f at the points, with all the digits there are."""

Coefficient = Callable[[Values, int, int], Numbers]


def lambda_at(row: int) -> Place:
    """The place of λ_(row + 1)."""
    return ("lambdas", row)


def equidistant_calculation(
    interval: tuple[float, float], values: Float[Array, "n"]
) -> Calculation:
    """H = (b - a) / (n - 1), x_i = a + (i - 1) h, and h T λ = f solved downwards; n ≥ 2."""
    n = len(values)
    given = {INTERVAL: as_decimals(np.asarray(interval)), FUNCTION: as_decimals(values)}
    ends = {"interval": INTERVAL}
    quantities = [
        Quantity(SPACING, ends, lambda v: (v["interval"][1] - v["interval"][0]) / (n - 1)),
        Quantity(GRID, {**ends, "spacing": SPACING}, lambda v: _equidistant(v, n)),
        _function_values(),
        Quantity(KNOTS, {**ends, "spacing": SPACING, "grid": GRID}, _knots_from_spacing),
        *(_lambda(row, {"spacing": SPACING}, _multiple_of_spacing) for row in range(n)),
    ]
    return Calculation(given, tuple(quantities))


def grid_calculation(grid: Float[Array, "n"], values: Float[Array, "n"]) -> Calculation:
    """The same for points that are not equidistant: b_1 = x_1 - (x_2 - x_1), b_(i+1) = x_i."""
    given = {GRID: as_decimals(grid), FUNCTION: as_decimals(values)}
    places = {"grid": GRID, "knots": KNOTS}
    quantities = [
        _function_values(),
        Quantity(KNOTS, {"grid": GRID}, _knots_from_grid),
        *(_lambda(row, places, _distance_from_knot) for row in range(len(grid))),
    ]
    return Calculation(given, tuple(quantities))


def _function_values() -> Quantity:
    return Quantity(VALUES, {"function": FUNCTION}, lambda v: v["function"])


def _equidistant(v: Values, n: int) -> Numbers:
    return stacked([v["interval"][0] + v["spacing"] * i for i in range(n)])


def _knots_from_spacing(v: Values) -> Numbers:
    first = v["interval"][0] - v["spacing"]
    return stacked([first, *(v["grid"][i] for i in range(v["grid"].shape[0] - 1))])


def _knots_from_grid(v: Values) -> Numbers:
    grid = v["grid"]
    return stacked([2 * grid[0] - grid[1], *(grid[i] for i in range(grid.shape[0] - 1))])


def _multiple_of_spacing(v: Values, row: int, column: int) -> Numbers:
    return v["spacing"] * (row - column + 1)


def _distance_from_knot(v: Values, row: int, column: int) -> Numbers:
    return v["grid"][row] - v["knots"][column]


def _lambda(row: int, places: dict[str, Place], coefficient: Coefficient) -> Quantity:
    """λ_i = (f(x_i) - Σ_(j<i) λ_j c_ij) / c_ii, with c_ij = x_i - b_j, which is (i - j + 1) h."""
    inputs = {"values": VALUES, **places}
    inputs |= {f"lambda_{column}": lambda_at(column) for column in range(row)}

    def formula(v: Values) -> Numbers:
        terms = [v["values"][row]]
        rest = terms[0]
        for column in range(row):
            terms.append(noted(v[f"lambda_{column}"] * coefficient(v, row, column)))
            rest = noted(rest - terms[-1])
        return without_dust(rest, terms) / coefficient(v, row, row)

    return Quantity(lambda_at(row), inputs, formula)
