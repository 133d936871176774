"""Quotients whose denominator is infinite at a point, written so that nothing infinite is left.

a/(1 + z^-p) at z = 0 is a z^p/(z^p + 1): the same function, with its limit at 0 as a value.
"""

import numpy as np

from core.approximation.formula.formula import Formula
from core.approximation.formula.tree import Node, number, postorder


def without_infinite_denominators(tree: Node, c: float) -> Node:
    """Return the tree with a·(1/v) for every a/v, and v^-p, of which v is infinite at c.

    The tree itself where there are none, or where 1/v cannot be written without v.
    """
    written: dict[int, Node] = {}
    for node in postorder(tree):
        arguments = tuple(written[id(u)] for u in node.arguments)
        changed = any(u is not v for u, v in zip(arguments, node.arguments, strict=True))
        here = Node(node.symbol, arguments, node.value) if changed else node
        inverse = None
        if node.symbol == "/" and is_infinite(node.arguments[1], c):
            inverse = reciprocal(arguments[1], c)
            here = here if inverse is None else arguments[0] * inverse
        elif _has_negative_power(node) and is_infinite(node.arguments[0], c):
            inverse = reciprocal(arguments[0], c)
            here = here if inverse is None else inverse ** -(constant_of(arguments[1]) or 0.0)
        written[id(node)] = here
    return written[id(tree)]


def reciprocal(node: Node, c: float) -> Node | None:
    """Write 1/v for a v that is infinite at c by what is 0 there; None where that is not known."""
    if node.symbol == "negate":
        inverse = reciprocal(node.arguments[0], c)
        return None if inverse is None else -inverse
    if len(node.arguments) != 2:
        return None
    left, right = node.arguments
    exponent = constant_of(right)
    if node.symbol == "**" and exponent is not None:
        if exponent < 0.0:
            return left**-exponent
        inverse = reciprocal(left, c)
        return None if inverse is None else inverse**exponent
    if node.symbol in ("+", "-"):
        return _of_sum(node.symbol, left, right, c)
    if node.symbol == "/":
        inverse = reciprocal(left, c) if is_infinite(left, c) else _inverse(left)
        return None if inverse is None else right * inverse
    if node.symbol == "*":
        parts = [reciprocal(u, c) if is_infinite(u, c) else _inverse(u) for u in (left, right)]
        return None if parts[0] is None or parts[1] is None else parts[0] * parts[1]
    return None


def _of_sum(symbol: str, left: Node, right: Node, c: float) -> Node | None:
    """1/(w ± r) = (1/w)/(1 ± r/w) for an infinite w."""
    sign = number(1.0 if symbol == "+" else -1.0)
    infinite, other = (left, sign * right) if is_infinite(left, c) else (sign * right, left)
    inverse = reciprocal(infinite, c)
    return None if inverse is None else inverse / (1.0 + other * inverse)


def _inverse(node: Node) -> Node:
    value = constant_of(node)
    return 1.0 / node if value is None or value == 0.0 else number(1.0 / value)


def _has_negative_power(node: Node) -> bool:
    exponent = constant_of(node.arguments[1]) if node.symbol == "**" else None
    return exponent is not None and exponent < 0.0


def constant_of(node: Node) -> float | None:
    """The number that a node is, with its sign."""
    if node.symbol == "negate" and node.arguments[0].value is not None:
        return -node.arguments[0].value
    return node.value


def is_infinite(node: Node, c: float) -> bool:
    """Return whether a part of a formula is infinite at c."""
    return bool(np.isinf(Formula(None, node)(np.array(c))))
