"""A proof that NN is near f: one rigorous bound per segment, and what could not be proved."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from core.approximation.error_bounds.deviation import Chord, ErrorFunction
from core.approximation.error_bounds.segment_bounds import Piece, bound_subintervals
from core.approximation.error_bounds.singularities import UnprovedInterval, gap_at, merged
from core.approximation.formula.formula import Formula
from core.approximation.relu.exact_polyline import ExactPolyline
from core.arrays import Array

__all__ = ["Certificate", "UnprovedInterval", "certify"]

# Pieces bounded in all, at a few hundred microseconds each.
PIECES_PER_SEGMENT, SPARE_PIECES = 20, 10_000
ROUNDING_UNITS = 16.0
# Beside a removable singularity so large a share of the values is lost in the last digits.
CANCELLATION = 2.0**-26


@dataclass(frozen=True, eq=False)
class Certificate:
    """f(x) - NN(x) lies in [lower_i, upper_i] for all x in [grid_i, grid_{i+1}].

    NN is bias + Σ λ_j ReLU(±(x - b_j)) in exact arithmetic with the floats that are answered; the
    rounding of its evaluation comes on top. With `relative` it is (f - NN)/f that lies there.
    """

    grid: Float64[Array, "n"]
    lower: Float64[Array, "segments"]
    upper: Float64[Array, "segments"]
    relative: bool
    gaps: tuple[UnprovedInterval, ...]
    jumps: tuple[UnprovedInterval, ...]

    @property
    def proved(self) -> bool:
        """Whether every segment is covered."""
        return not self.gaps

    @property
    def bounds(self) -> Float64[Array, "segments"]:
        """The largest possible |f - NN| on every segment."""
        return np.maximum(np.abs(self.lower), np.abs(self.upper))

    @property
    def error_bound(self) -> float | None:
        """The largest possible error on the whole interval, None without proof."""
        return float(self.bounds.max()) if self.proved else None


def certify(
    function: Formula,
    network: ExactPolyline,
    slack: float,
    relative: bool = False,
) -> Certificate:
    """Bound f - NN on every segment, not more than `slack` above what it reaches there.

    Raises `NotFinite` at a pole and where f is not defined.
    """
    segments = len(network.slopes)
    lower, upper = np.empty(segments), np.empty(segments)
    gaps: list[UnprovedInterval] = []
    jumps: list[UnprovedInterval] = []
    # Rounding of the values themselves cannot be divided away.
    largest = 1.0 if relative else float(np.abs(network.values).max())
    slack = max(slack, ROUNDING_UNITS * float(np.finfo(float).eps) * largest)
    if function.removable:
        slack = max(slack, CANCELLATION * largest)
    budget = PIECES_PER_SEGMENT * segments + SPARE_PIECES
    for i in range(segments):
        chord = Chord.of(network, i)
        pieces = list(
            bound_subintervals(ErrorFunction(function, chord, relative), slack, max(budget, 1))
        )
        budget -= len(pieces)
        lower[i] = min(piece.range.lower for piece in pieces)
        upper[i] = max(piece.range.upper for piece in pieces)
        gaps.extend(
            gap_at(function, piece.left, piece.right, bool(np.isfinite(piece.range).all()))
            for piece in pieces
            if not piece.certain
        )
        jumps.extend(_jumps(function, pieces, slack))
    return Certificate(network.grid, lower, upper, relative, merged(gaps), merged(jumps))


def _jumps(function: Formula, pieces: list[Piece], slack: float) -> list[UnprovedInterval]:
    """Find the pieces so small that only a jump of f explains their range."""
    found = []
    for piece in pieces:
        rise = piece.range.upper - piece.range.lower
        near = max(abs(piece.left), abs(piece.right))
        if piece.certain and rise > slack and piece.right - piece.left <= 1e-15 * near:
            found.append(UnprovedInterval(piece.left, piece.right, f"f jumps by up to {rise:.6g}"))
    return found
