"""The distance of a ReLU network from its function: sampled, and refined at the maximum."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.formula import Formula, finite_values
from core.arrays import Array
from core.errors import NotFinite

Approximation = Callable[[Array], Array]

# Five Gauss-Legendre points: one sits in the middle, where a parabola is farthest from its chord,
# and the square of that error is integrated exactly.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(5)
MIN_PANELS = 4000
PANELS_AT_ONCE = 8192
CANDIDATES = 16
ZOOMS, ZOOM_POINTS = 5, 33


@dataclass(frozen=True)
class SampledError:
    """The largest |NN(x) - f(x)| that was met, where, and the root of the mean square."""

    max_error: float
    max_error_at: float
    rms_error: float


def sampled_error(
    function: Formula, approximation: Approximation, grid: Float64[Array, "n"]
) -> SampledError:
    """Measure NN - f on [x_1, x_n], the same way every time.

    Every segment is cut into as many equal panels as make at least `MIN_PANELS` in all; the
    panels with the largest samples are searched further. The root of the mean square is a Gauss
    quadrature over the panels. Raises `NotFinite` where f or the difference is not.
    """
    length = grid[-1] - grid[0]
    squares: list[tuple[float, float]] = []
    best = np.empty((0, 3))  # error, and the panel it was met in
    for left, right in _panels(grid):
        half = 0.5 * (right - left)
        errors = _errors(function, approximation, (left + half)[:, None] + half[:, None] * NODES)
        scale = float(errors.max()) or 1.0
        squares.append((scale, float((errors / scale) ** 2 @ WEIGHTS @ (half / length))))
        found = np.column_stack([errors.max(axis=1), left, right])
        best = _largest(np.concatenate([best, _largest(found)]))
    max_error, at = _refined(function, approximation, best[:, 1], best[:, 2])
    largest = max(scale for scale, _ in squares)
    mean_square = sum(share * (scale / largest) ** 2 for scale, share in squares)
    return SampledError(max_error, at, largest * float(np.sqrt(mean_square)))


def measured(x: Float64[Array, "n"], errors: Float64[Array, "n"]) -> SampledError:
    """Sum up the errors, none negative, at single points."""
    worst = int(np.argmax(errors))
    scale = float(errors[worst]) or 1.0
    rms = scale * float(np.sqrt(np.mean((errors / scale) ** 2)))
    return SampledError(float(errors[worst]), float(x[worst]), rms)


def _largest(panels: Array) -> Array:
    """Return the `CANDIDATES` panels with the largest errors, the first ones of equals.

    The order in which a partition leaves equal or smaller errors depends on the processor.
    """
    errors, count = panels[:, 0], min(CANDIDATES, len(panels))
    least = np.partition(errors, -count)[-count]
    chosen = np.flatnonzero(errors >= least)
    return panels[chosen[np.argsort(-errors[chosen], kind="stable")[:count]]]


def _panels(grid: Array) -> Iterator[tuple[Array, Array]]:
    per_segment = -(-MIN_PANELS // (len(grid) - 1))
    shares = np.arange(per_segment + 1) / per_segment
    at_once = max(1, PANELS_AT_ONCE // per_segment)
    for start in range(0, len(grid) - 1, at_once):
        left, right = grid[start:-1][:at_once], grid[start + 1 :][:at_once]
        edges = left[:, None] + (right - left)[:, None] * shares
        edges[:, -1] = right
        yield edges[:, :-1].reshape(-1), edges[:, 1:].reshape(-1)


def _errors(function: Formula, approximation: Approximation, x: Array) -> Array:
    with np.errstate(over="ignore"):
        errors = np.abs(approximation(x) - finite_values(function, x))
    if not np.isfinite(errors).all():
        first = np.unravel_index(int(np.argmin(np.isfinite(errors))), errors.shape)
        raise NotFinite(f"the error at x = {x[first]} is beyond the floats", ("function",))
    return errors


def _refined(
    function: Formula, approximation: Approximation, left: Array, right: Array
) -> tuple[float, float]:
    """Return the largest error in the panels, by zooming to the neighbours of the best sample."""
    rows = np.arange(len(left))
    for _ in range(ZOOMS):
        x = np.linspace(left, right, ZOOM_POINTS, axis=1)
        errors = _errors(function, approximation, x)
        top = np.argmax(errors, axis=1)
        left = x[rows, np.maximum(top - 1, 0)]
        right = x[rows, np.minimum(top + 1, ZOOM_POINTS - 1)]
    best = int(np.argmax(errors[rows, top]))
    return float(errors[best, top[best]]), float(x[best, top[best]])
