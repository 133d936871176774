"""Asymptotic error of every grid by approximation theory."""

from dataclasses import dataclass

import numpy as np

from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.target import FormulaTarget

MESH_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Theory:
    """Constants of the error of n points: each line is the constant over (n - 1)².

    None where the constant is infinite, because f″ is not bounded or not integrable.
    """

    equidistant: float | None
    """(b - a)²/8 · max|f″|: equal distances."""
    free_knots: float | None
    """(∫√|f″|)²/8: the best knots, with f's own values there."""
    free_values: float | None
    """Half of it: the best knots with the best values (the grid `minimal`)."""

    def at(self, n: int) -> tuple[float | None, float | None, float | None]:
        """Return the three lines at n points."""
        lines = (self.equidistant, self.free_knots, self.free_values)
        equidistant, free_knots, free_values = (
            None if line is None else line / (n - 1) ** 2 for line in lines
        )
        return equidistant, free_knots, free_values


def theory_of(target: FormulaTarget) -> Theory:
    """Compute the constants by sampling f″ where f bends.

    Kinks have no f″ and count for nothing: with free knots they cost one point each.
    """
    spread = float(np.ptp(target.values(place_gates(target, np.inf)).y)) or 1.0
    mesh = place_gates(target, MESH_TOLERANCE * spread)
    ends, middle = (
        np.abs(target.curvature(mesh)),
        np.abs(target.curvature(0.5 * (mesh[1:] + mesh[:-1]))),
    )
    root = float(np.diff(mesh) @ np.sqrt(np.where(np.isfinite(middle), middle, 0.0)))
    largest = float(ends.max()) if np.isfinite(ends).all() else None
    length = target.interval[1] - target.interval[0]
    return Theory(
        None if largest is None else length**2 / 8.0 * largest, root**2 / 8.0, root**2 / 16.0
    )
