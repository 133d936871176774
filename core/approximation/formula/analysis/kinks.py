"""Points at which a formula has a kink that can be read off it: abs, min, max and where."""

import numpy as np
from jaxtyping import Float64

from core.approximation.formula.formula import Formula
from core.approximation.formula.tree import Node, postorder
from core.arrays import Array

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
ROUNDS = 60


def kinks_of(function: Formula, mesh: Float64[Array, "m"]) -> Float64[Array, "k"]:
    """Return every x between the points of `mesh` where the argument of a kink changes its sign.

    These are u of abs(u), and u - v of min(u, v), max(u, v) and of a comparison of u and v. The
    signs are followed by bisection to the last float.
    """
    found = [sign_changes(difference, mesh) for difference in _differences(function)]
    return np.unique(np.concatenate([np.empty(0), *found]))


def _differences(function: Formula) -> list[Formula]:
    trees: list[Node] = []
    for node in postorder(function.tree):
        if node.symbol == "abs":
            trees.append(node.arguments[0])
        elif node.symbol in ("min", "max") or node.symbol in COMPARISONS:
            trees.append(Node("-", node.arguments))
    return [Formula(None, tree) for tree in trees]


def sign_changes(function: Formula, mesh: Float64[Array, "m"]) -> Float64[Array, "k"]:
    """Return the zeros at points of the mesh, and the floats right of changes of sign between."""
    signs = np.sign(function(mesh))
    gaps = np.flatnonzero(signs[:-1] * signs[1:] < 0.0)
    left, right, sign = mesh[gaps], mesh[gaps + 1], signs[gaps]
    for _ in range(ROUNDS):
        middle = 0.5 * left + 0.5 * right
        before = np.sign(function(middle)) == sign
        left, right = np.where(before, middle, left), np.where(before, right, middle)
    inside = mesh[1:-1][signs[1:-1] == 0.0]
    return np.concatenate([right, inside])
