"""The fewest points of a fixed grid for a tolerance: what `minimal` is compared with."""

from collections.abc import Callable

import numpy as np

from core.approximation.adaptive_grids import ADAPTIVE
from core.approximation.error_bounds.sampled_error import sampled_error
from core.approximation.formula.formula import Formula
from core.approximation.grids import GRIDS
from core.approximation.relu.interpolation import ReluInterpolation, interpolate_function
from core.errors import OutOfDomain, UnknownName

# Below this many units of rounding of the largest value an error stops falling.
# This many points would have met a function of a few straight pieces exactly.
ROUNDING_UNITS, FEW_POINTS = 8.0, 64


def fewest_points(
    function: Formula,
    interval: tuple[float, float],
    grid: str,
    tolerance: float,
    afford: Callable[[int], None],
) -> ReluInterpolation:
    """Return the network through f on the grid with an n whose error is within the tolerance.

    n is doubled until it is enough and then halved in; one point fewer is too few, though on grids
    that do not contain one another a smaller n still may do by luck. The error is the sampled one.
    `afford` gets every n before it is tried, and raises where that is too many. Raises
    `UnknownName` for an unknown grid, `OutOfDomain` for a tolerance that is not positive
    or lost in rounding, and what the grid raises.
    """
    if grid not in (*GRIDS, *ADAPTIVE):
        raise UnknownName(
            f"there is no grid {grid!r}; there are {', '.join((*GRIDS, *ADAPTIVE))}", ("grid",)
        )
    if not tolerance > 0.0:
        raise OutOfDomain(f"the tolerance is {tolerance}, not above 0", ("tolerance",))

    def within(n: int) -> ReluInterpolation | None:
        afford(n)
        build = GRIDS.get(grid)
        points = build(*interval, n) if build else ADAPTIVE[grid](function, *interval, n)
        network = interpolate_function(function, points)
        error = sampled_error(function, network, points).max_error
        rounding = ROUNDING_UNITS * float(np.finfo(float).eps * np.abs(network.values).max())
        if tolerance < error and tolerance < rounding and (error <= rounding or n > FEW_POINTS):
            raise OutOfDomain(f"a tolerance of {tolerance} is lost in rounding", ("tolerance",))
        return network if error <= tolerance else None

    too_few, enough = 1, 2
    while (found := within(enough)) is None:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        network = within(middle)
        too_few, enough = (too_few, middle) if network else (middle, enough)
        found = network or found
    return found
