"""Points x_1 < … < x_n of [a, b] at which a function is interpolated."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64

from core.arrays import Array
from core.errors import InvalidGrid, Place


def equidistant(a: float, b: float, n: int) -> Float64[Array, "n"]:
    """x_i = a + (i - 1) h with h = (b - a) / (n - 1).

    Raises `InvalidGrid` for a ≥ b, for n < 2 and where h vanishes beside a or b.
    """
    _check(a, b, n)
    return _distinct(_without_dust(np.linspace(a, b, n)))


def chebyshev(a: float, b: float, n: int) -> Float64[Array, "n"]:
    """Chebyshev-Lobatto points x_i = (a + b)/2 - (b - a)/2 cos(π (i - 1) / (n - 1)), ends included.

    Raises `InvalidGrid` as `equidistant` does.
    """
    _check(a, b, n)
    # sin² of half the angle keeps the dense points near a apart, where 1 - cos would cancel.
    share = np.sin(0.5 * np.pi * np.arange(n) / (n - 1)) ** 2
    points = a + (b - a) * share
    points[-1] = b
    return _distinct(_without_dust(points))


DUST_UNITS = 4.0
EQUIDISTANT, MINIMAL = "equidistant", "minimal"
"""The default rule for n points, and the rule that chooses knots and values freely."""

GRIDS: dict[str, Callable[[float, float, int], Array]] = {
    EQUIDISTANT: equidistant,
    "chebyshev": chebyshev,
}


def strictly_increasing(
    points: Float64[Array, "n"], place: Place = ("grid",)
) -> Float64[Array, "n"]:
    """Return `points` as they are; raise `InvalidGrid` at the first that is not above its left.

    Fewer than 2 points, infinite ones, and ends further apart than the largest float are refused
    too. `place` is where the points stand in the question.
    """
    if len(points) < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got {len(points)}", place)
    with np.errstate(over="ignore", invalid="ignore"):
        finite = np.isfinite(points).all() and np.isfinite(points[-1] - points[0])
    if not finite:
        raise InvalidGrid(f"the grid from {points[0]} to {points[-1]} is not finite", place)
    increases = points[1:] > points[:-1]
    if not increases.all():
        i = int(np.argmin(increases)) + 1
        raise InvalidGrid(
            f"point {i + 1} of the grid is {points[i]}, not above point {i}, {points[i - 1]}",
            (*place, i),
        )
    return points


def largest_spacing(grid: Float64[Array, "n"]) -> float:
    """Return h = max (x_{i+1} - x_i); the spacing of an equidistant grid."""
    return float(np.max(np.diff(grid)))


def _without_dust(points: Array) -> Array:
    """Let a point that is 0 but for the rounding of the ends be 0."""
    dust = DUST_UNITS * np.finfo(float).eps * max(-points[0], points[-1])
    if points[0] < 0.0 < points[-1]:
        points[1:-1][np.abs(points[1:-1]) <= dust] = 0.0
    return points


def _distinct(points: Array) -> Array:
    if not (points[1:] > points[:-1]).all():
        raise InvalidGrid(
            f"{len(points)} points are too many for floats between {points[0]} and {points[-1]}: "
            "the spacing vanishes",
            ("n",),
        )
    return points


def _check(a: float, b: float, n: int) -> None:
    if not a < b:
        raise InvalidGrid(f"the interval from {a} to {b} has no length", ("interval",))
    if not np.isfinite(b - a):
        raise InvalidGrid(f"the interval from {a} to {b} has no finite length", ("interval",))
    if n < 2:
        raise InvalidGrid(f"a grid has at least 2 points, got n = {n}", ("n",))
