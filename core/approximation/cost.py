"""Cost of an approximation in operations; a processor does about 10^10 per second."""

from core.approximation.grids import EQUIDISTANT, MINIMAL

BASE_COST = 4_000_000
"""The error is sampled at some ten thousand points however small n is."""
PER_POINT = {
    EQUIDISTANT: 500,
    "chebyshev": 500,
    "curvature": 100_000,
    "greedy": 10**8,
    MINIMAL: 10**8,
}
"""A least error is searched with some thirty fits, the points of `greedy` with as many walks."""
PER_SEGMENT = 3_000_000
"""Of a proof: a fraction of a millisecond."""
PER_FREE_SEGMENT = 10**7
"""Of a smallest network with its proofs: about a millisecond."""
PER_SAMPLE, FITS = 30_000, 40
"""Of a table for a tolerance, and how many of these the least error for n takes."""


def grid_cost(rule: str, n: int, prove: bool = True) -> int:
    """Return the cost of n points on a grid of this name, and of the proof."""
    proof = PER_SEGMENT * min(n, MAX_SEGMENTS) if prove else 0
    return BASE_COST + PER_POINT[rule] * n + proof


def of_given_points(n: int, prove: bool = True) -> int:
    """Return the cost of n given points, and of the proof."""
    return grid_cost(EQUIDISTANT, n, prove)


def of_samples(samples: int, searched: bool, n: bool) -> int:
    """Return the cost of a table: interpolated, fitted within a tolerance, or with n points."""
    each = PER_SAMPLE * (FITS if n else 1) if searched else PER_POINT[EQUIDISTANT]
    return BASE_COST + each * samples


MAX_SEGMENTS = 10_000
"""A longer certificate is not printed; a longer given grid is measured, not proved."""
