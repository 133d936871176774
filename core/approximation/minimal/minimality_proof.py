"""A proof that no network with fewer segments stays within the tolerance: a few witness points.

The tunnel f ± tolerance at these points alone already needs as many links. That is checked with
fractions, hence without any rounding; the tunnel itself is widened outwards to floats.
"""

from dataclasses import dataclass

import numpy as np
from flint import arb, fmpq
from jaxtyping import Float64

from core.approximation.ball_arithmetic.enclosure import enclose
from core.approximation.polyline.fit import fewest_through
from core.approximation.polyline.min_link import min_link_polyline
from core.approximation.polyline.target import FormulaTarget
from core.arrays import Array
from core.errors import Jump

# The tunnel that finds the witnesses is wider than the one they have to block, by more than its
# cubic pieces are off; and the witness behind an exit stands this share of the link behind it.
WIDER, BEHIND = 5e-7, 1e-7


@dataclass(frozen=True, eq=False)
class MinimalityProof:
    """A continuous polyline through all gates [lower_i, upper_i] at x_i has at least `links` links.

    Every gate contains [f - tolerance, f + tolerance] at its x (or the side of it that was asked).
    """

    tolerance: float
    links: int
    x: Float64[Array, "witnesses"]
    lower: Float64[Array, "witnesses"]
    upper: Float64[Array, "witnesses"]


def prove_minimal(
    target: FormulaTarget, tolerance: float, gates: Float64[Array, "gates"], links: int
) -> MinimalityProof | None:
    """Prove that no polyline with fewer than `links` links is within the tolerance, if it is so.

    `gates` are those that a fit with about this tolerance was found with. None: no proof was found;
    fewer links may be enough, or the last one is so nearly superfluous that the witnesses do not
    show it.
    """
    try:
        polyline = fewest_through(target.tunnel(gates, tolerance, -WIDER))
    except Jump:
        return None
    if polyline is None or len(polyline.lines) < links:
        return None
    x = {float(gates[0]), float(gates[-1])}
    for window in polyline.windows[: links - 1]:
        behind = window.exit.x + BEHIND * (window.exit.x - window.left)
        x |= {window.left, window.right.x, min(behind, float(gates[-1]))}
    points = np.array(sorted(x))
    lower, upper = _gates(target, tolerance, points)
    known = np.isfinite(lower) & np.isfinite(upper)
    proof = MinimalityProof(tolerance, links, points[known], lower[known], upper[known])
    return proof if is_proved(proof) else None


def is_proved(proof: MinimalityProof) -> bool:
    """Check the proof in exact arithmetic."""
    x, lower, upper = (
        [fmpq(*number.as_integer_ratio()) for number in column.tolist()]
        for column in (proof.x, proof.lower, proof.upper)
    )
    return min_link_polyline(x, lower, upper, at_most=proof.links - 1) is None


def _gates(target: FormulaTarget, tolerance: float, x: Array) -> tuple[Array, Array]:
    """Enclose the tunnel at every x, rounded outwards."""
    low, high = (arb(end) for end in target.allowed_deviation(tolerance))
    lower, upper = np.empty(len(x)), np.empty(len(x))
    for i, point in enumerate(x.tolist()):
        f = enclose(target.function, arb(point)).jet.value
        weight = abs(f) if target.relative else arb(1)
        lower[i] = float((f + low * weight).lower())
        upper[i] = float((f + high * weight).upper())
    return lower, upper
