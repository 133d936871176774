"""Grids adapted to the function: by equal shares of ∫√|f″|, and greedily by the error."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.analysis.kinks import kinks_of
from core.approximation.formula.formula import Formula
from core.approximation.grids import equidistant, strictly_increasing
from core.approximation.polyline.adaptive_sampling import place_gates
from core.approximation.polyline.target import FormulaTarget
from core.arrays import Array

# Gaps of the mesh per segment, about; and the share of the points that is spread evenly even where
# f does not bend at all.
MESH_PER_SEGMENT, EVEN_SHARE = 64, 1e-3
PRECISION = 1e-6


def curvature(function: Formula, a: float, b: float, n: int) -> Float64[Array, "n"]:
    """Return n points between which ∫√|f″| is everywhere the same; kinks of f are among them.

    A chord over a small h is h²/8 |f″| off, so these segments have equal errors (C. de Boor, A
    Practical Guide to Splines, chapter XII). Raises `InvalidGrid` and what `place_gates` raises.
    """
    even = equidistant(a, b, n)
    mesh = _mesh(function, even)
    middle = 0.5 * (mesh[1:] + mesh[:-1])
    bends = np.abs(FormulaTarget(function, (a, b)).curvature(middle))
    share = np.diff(mesh) * np.sqrt(np.where(np.isfinite(bends), bends, 0.0))
    total = share.sum()
    share = share / total if total > 0.0 else share
    share = (1.0 - EVEN_SHARE) * share + EVEN_SHARE * np.diff(mesh) / (b - a)
    mass = np.concatenate([[0.0], np.cumsum(share)])
    kinks = kinks_of(function, mesh)
    known = np.concatenate([[a], kinks[(kinks > a) & (kinks < b)][: n - 2], [b]])
    cuts = np.interp(known, mesh, mass)
    shares = _shared(np.diff(cuts), n - 1)
    at = np.concatenate([[0], np.cumsum(shares)])
    points = np.interp(np.interp(np.arange(n), at, cuts), mass, mesh)
    points[at] = known
    return strictly_increasing(points, ("n",))


def _shared(masses: Array, segments: int) -> Array:
    """Share segments among parts, one at least, so that the largest mass of a segment is least."""
    spare = segments - len(masses)
    shares = np.maximum(1, np.floor(spare * masses / masses.sum()).astype(int))
    while shares.sum() < segments:
        shares[np.argmax(masses / shares)] += 1
    return shares


def greedy(function: Formula, a: float, b: float, n: int) -> Float64[Array, "at_most_n"]:
    """Return at most n points, each as far from the previous one as the error allows.

    The error is the least with which that ends within n points. Raises as `curvature` does.
    """
    even = equidistant(a, b, n)
    mesh = _mesh(function, even)
    values = function(mesh)
    high = float(np.ptp(values)) + float(np.finfo(float).tiny)
    low = 1e-16 * high
    while high > low * (1.0 + PRECISION):
        middle = low**0.5 * high**0.5
        if not low < middle < high:
            break  # neighbours among the smallest floats
        fits = len(farthest(mesh, values, middle)) <= n
        low, high = (low, middle) if fits else (middle, high)
    return mesh[farthest(mesh, values, high)]


def farthest(x: Float64[Array, "m"], y: Float64[Array, "m"], tolerance: float) -> list[int]:
    """Return the indices to interpolate at, each the last with a good chord from the previous one.

    A chord is good if it passes every point between within the tolerance; that is a range of
    slopes, which narrows from point to point.
    """
    at, height = x.tolist(), y.tolist()
    knots, end = [0], len(at) - 1
    while knots[-1] < end:
        start = reached = knots[-1]
        low, high = -np.inf, np.inf
        for i in range(start + 1, end + 1):
            run, rise = at[i] - at[start], height[i] - height[start]
            if low <= rise / run <= high:
                reached = i
            low, high = max(low, (rise - tolerance) / run), min(high, (rise + tolerance) / run)
            if low > high:
                break
        knots.append(reached)
    return knots


ADAPTIVE: dict[str, Callable[[Formula, float, float, int], Array]] = {
    "curvature": curvature,
    "greedy": greedy,
}


def _mesh(function: Formula, even: Array) -> Array:
    """Return points that are dense on every one of the n - 1 segments of a good grid."""
    target = FormulaTarget(function, (float(even[0]), float(even[-1])))
    rough = place_gates(target, np.inf)
    spread = float(np.ptp(function(rough))) or 1.0
    fine = place_gates(target, spread / float(len(even) - 1) ** 2)
    return np.union1d(np.linspace(even[0], even[-1], MESH_PER_SEGMENT * (len(even) - 1) + 1), fine)
