"""Walls between samples: a polyline may not leave the bands of the two samples around it far.

Between x_k and x_{k+1} it stays within the hull of both gates, widened by the room that a tolerance
gives them. A line through both gates does so by itself; what the walls exclude is a bend far
outside, as a smallest polyline would make beside two samples almost above one another.
"""

import numpy as np
from jaxtyping import Float64

from core.approximation.polyline.polyline import Failure, Gate, Line, Window
from core.arrays import Array


class SampleHull:
    """Gates at the samples and walls between them; it remembers the gates it adds to a search."""

    def __init__(
        self,
        x: Float64[Array, "n"],
        lower: Float64[Array, "n"],
        upper: Float64[Array, "n"],
        widening: Float64[Array, "n"],
    ) -> None:
        spare = np.minimum(widening[1:], widening[:-1])
        self._x = x.tolist()
        self._floors = (np.minimum(lower[1:], lower[:-1]) - spare).tolist()
        self._ceilings = (np.maximum(upper[1:], upper[:-1]) + spare).tolist()
        gates = zip(lower.tolist(), upper.tolist(), strict=True)
        self._gates = dict(zip(self._x, gates, strict=True))
        self.exits: list[tuple[float, float]] = []
        """The gaps in which a link had to end at a wall, in the order of the search."""

    def end_link(self, failure: Failure) -> Window | None:
        """Return where the extreme line reaches a wall before the gate that it misses.

        None where it misses the gate without that; see `min_link_polyline`.
        """
        left, right = self._gates[failure.left], self._gates[failure.right]
        gap, sign = failure.missed - 1, -1.0 if failure.mirrored else 1.0
        floor, ceiling = (-left[1], -right[0]) if failure.mirrored else (left[0], right[1])
        wall = -self._ceilings[gap] if failure.mirrored else self._floors[gap]
        slope = (ceiling - floor) / (failure.right - failure.left)
        line, end = Line(failure.right, ceiling, slope), self._x[failure.missed]
        if line(end) >= wall:
            return None
        at = max(failure.right + (wall - ceiling) / slope, self._x[gap])
        if not failure.right < at < end:
            return None
        self.exits.append((self._x[gap], end))
        self._gates[at] = (self._floors[gap], self._ceilings[gap])
        crossing = Line(failure.right, sign * ceiling, sign * slope)
        return Window(
            crossing, failure.left, Gate(failure.right, *right), Gate(at, *self._gates[at]),
            failure.missed,
        )  # fmt: skip

    def excess(
        self, grid: Float64[Array, "k"], values: Float64[Array, "k"]
    ) -> tuple[tuple[float, float], float]:
        """Return how far a polyline leaves the walls at its bends, and in which gap it does most.

        At the samples it is within their gates.
        """
        gaps = np.clip(np.searchsorted(self._x, grid, side="right") - 1, 0, len(self._floors) - 1)
        inside = ~np.isin(grid, self._x)
        floors, ceilings = np.array(self._floors)[gaps], np.array(self._ceilings)[gaps]
        off = np.where(inside, np.maximum(floors - values, values - ceilings), -np.inf)
        worst = int(np.argmax(off))
        gap = int(gaps[worst])
        return (self._x[gap], self._x[gap + 1]), float(max(off[worst], 0.0))
