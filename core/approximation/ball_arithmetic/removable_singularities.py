"""Quotients that are 0/0 at a point, such as sin(x)/x at 0, continued by their limit there.

Where u(c) = v(c) = 0, u/v is the quotient of (u(x) - u(c))/(x - c) and (v(x) - v(c))/(x - c). By
the mean value theorem the first is in u′(I), and its derivative in u″(I)/2, for every x of an
interval I that holds c: the series of u without its first term.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from flint import arb

from core.approximation.ball_arithmetic.enclosure import divide_by_vanishing, enclose, jet_of
from core.approximation.ball_arithmetic.jets import contains_zero
from core.approximation.formula.analysis.kinks import sign_changes
from core.approximation.formula.analysis.reciprocals import without_infinite_denominators
from core.approximation.formula.analysis.vanishing_products import with_limits
from core.approximation.formula.formula import Formula
from core.approximation.formula.removable import NEAR, NEAR_DOUBLE, Removable
from core.approximation.formula.tree import Node

MESH_POINTS = 257
# Where the slope of the continued function is taken from, as a share of the distance 1.
STEP = 2.0**-10
# A quotient of balls that is wider than this is no limit, but a jump.
CERTAIN = 1e-6


def continued(function: Formula, interval: tuple[float, float]) -> Formula:
    """Return f with its limits at points of the interval where it is 0/0 or 1/∞ as written.

    That a quotient is 0/0 is known where numerator and denominator are exactly 0.
    """
    tree = function.tree
    ends: list[float] = []
    candidates = sorted({*interval, *(0.0,) * (interval[0] < 0.0 < interval[1])})
    for c in candidates:
        # Also where the tree has its limit already, by what was written for an earlier point.
        if _with_limits(function.tree, c, interval) is not function.tree:
            tree, ends = _with_limits(tree, c, interval), [*ends, c]
    found = function if not ends else replace(function, tree=tree)
    for step, (symbol, arguments, _) in enumerate(found.instructions):
        if symbol == "/":
            points = sorted(set(_zeros(found.nodes[arguments[1]], interval)))
            limits = [_limit(found, step, c) for c in points]
            kept = tuple(limit for limit in limits if limit is not None)
            if kept:
                found = replace(found, removable={**found.removable, step: kept})
                ends.extend(limit.c for limit in kept)
    values = [(c, float(found(np.array(c)))) for c in sorted(set(ends))]
    return replace(found, limits=tuple(at for at in values if np.isfinite(at[1])))


def _with_limits(tree: Node, c: float, interval: tuple[float, float]) -> Node:
    """Return the tree with nothing that is infinite or undefined at c, where that can be."""
    rewritten = without_infinite_denominators(tree, c)
    limits = with_limits(rewritten, c)
    return limits if _are_equal(rewritten, limits, interval) else rewritten


def _are_equal(tree: Node, other: Node, interval: tuple[float, float]) -> bool:
    """Whether the rewritten tree has the values of the first where that has some."""
    if tree is other:
        return True
    x = np.linspace(*interval, MESH_POINTS)
    values, others = Formula(None, tree)(x), Formula(None, other)(x)
    known = np.isfinite(values)
    return bool(np.allclose(values[known], others[known], rtol=CERTAIN, atol=CERTAIN))


def _limit(function: Formula, step: int, c: float) -> Removable | None:
    """Return the limit of the quotient at c; None where it is no 0/0, or has no limit."""
    _, (above, below), _ = function.instructions[step]
    results = enclose(function, arb(c)).results
    u, v = jet_of(results[above]), jet_of(results[below])
    if not (u.value.is_zero() and v.value.is_zero()):
        return None
    order = 1 if not contains_zero(v.slope) else 2
    if order == 2 and not (u.slope.is_zero() and v.slope.is_zero()):
        return None
    quotient = divide_by_vanishing(u, v, order)
    if not quotient.value.is_finite() or float(quotient.value.rad()) > CERTAIN:
        return None
    limit, slope, near = float(quotient.value.mid()), float(quotient.slope.mid()), NEAR
    if not np.isfinite(slope):
        near, slope = NEAR_DOUBLE, _slope(function, step, c)
    return Removable(c, limit, slope, near * max(1.0, abs(c)), order)


def _slope(function: Formula, step: int, c: float) -> float:
    """Estimate the slope of a quotient of two double zeros from both sides, or from one."""
    ends = c + STEP * max(1.0, abs(c)) * np.array([-1.0, 1.0])
    left, right = Formula(None, function.nodes[step])(ends)
    slope = float(right - left) / float(ends[1] - ends[0])
    return slope if np.isfinite(slope) else 0.0


def _zeros(node: Node, interval: tuple[float, float]) -> Iterator[float]:
    """Yield the floats at which a factor of the denominator is 0."""
    if node.symbol == "*":
        for factor in node.arguments:
            yield from _zeros(factor, interval)
    elif node.symbol in ("**", "negate", "abs", "sqrt"):
        yield from _zeros(node.arguments[0], interval)
    elif node.value is None:
        function = Formula(None, node)
        mesh = np.linspace(*interval, MESH_POINTS)
        points = np.concatenate([sign_changes(function, mesh), mesh, [0.0]])
        with np.errstate(over="ignore"):  # what is beyond the floats is outside the interval
            rounded = np.round(points, 12)
        beside = np.concatenate([points, np.nextafter(points, -np.inf), rounded])
        inside = beside[(beside >= interval[0]) & (beside <= interval[1])]
        yield from np.unique(inside[function(inside) == 0.0]).tolist()
