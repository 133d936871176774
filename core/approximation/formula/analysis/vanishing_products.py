"""Products and exponentials whose value at a point is a limit, written so that they have it.

u log u and exp(-1/u) are 0 · ∞ and exp(-∞) at u = 0, and 0 in the limit from above. They are
symbols of their own, which no client writes; a formula that is one of these at a point is
rewritten with them, and with tanh and atan of what is infinite there.
"""

import math
from functools import reduce
from operator import mul

import numpy as np

from core.approximation.formula.analysis.reciprocals import constant_of, is_infinite, reciprocal
from core.approximation.formula.formula import Formula
from core.approximation.formula.symbols import EXP_MINUS_INVERSE, U_LOG_U, call
from core.approximation.formula.tree import Node, number, postorder

LOGARITHMS = {"log": 1.0, "log2": math.log(2.0), "log10": math.log(10.0)}
"""Each is log divided by this."""


def with_limits(tree: Node, c: float) -> Node:
    """Return the tree with everything that has a limit at c instead of a value; or itself."""
    written: dict[int, Node] = {}
    for node in postorder(tree):
        arguments = tuple(written[id(u)] for u in node.arguments)
        changed = any(u is not v for u, v in zip(arguments, node.arguments, strict=True))
        here = Node(node.symbol, arguments, node.value) if changed else node
        written[id(node)] = _limit_of(here, c) or here
    return written[id(tree)]


def _limit_of(node: Node, c: float) -> Node | None:
    if node.symbol == "*":
        return _product(node, c)
    exponent, base = _exponent(node)
    if exponent is not None and is_infinite(exponent, c):
        inverse = reciprocal(exponent, c)
        return inverse and call(EXP_MINUS_INVERSE, _scaled(inverse, -1.0 / math.log(base)))
    if node.symbol not in ("tanh", "atan") or not is_infinite(node.arguments[0], c):
        return None
    inverse = reciprocal(node.arguments[0], c)
    if inverse is None:
        return None
    sign = float(np.sign(_value(node.arguments[0], c)))
    if node.symbol == "atan":
        return 0.5 * sign * math.pi - call("atan", inverse)
    # tanh v = (1 - e^-2v)/(1 + e^-2v) for a large v, and -tanh(-v) for the others.
    power = call(EXP_MINUS_INVERSE, _scaled(inverse, 0.5 * sign))
    return sign * (1.0 - power) / (1.0 + power)


def _exponent(node: Node) -> tuple[Node | None, float]:
    """The exponent and the base of a power of a number above 1."""
    if node.symbol == "exp":
        return node.arguments[0], math.e
    base = constant_of(node.arguments[0]) if node.symbol == "**" else None
    return (node.arguments[1], base) if base is not None and base > 1.0 else (None, math.e)


def _product(node: Node, c: float) -> Node | None:
    """Write a product of log b, infinite at c, and of something that is 0 there, with u log u.

    With a = b^p, a log(b)^k is (u log(u) k/p)^k for u = b^(p/k).
    """
    factors = _factors(node)
    for i, factor in enumerate(factors):
        found = _logarithm(factor, c)
        if found is None:
            continue
        b, scale, k = found
        rest = factors[:i] + factors[i + 1 :]
        for j, a in enumerate(rest):
            power = _power_of(a, b)
            if power is not None:
                others = rest[:j] + rest[j + 1 :]
                root = a if k == 1.0 else b ** (power / k)
                return reduce(mul, others, (call(U_LOG_U, root) * (scale * k / power)) ** k)
        vanishing = reduce(mul, rest)
        if k == 1.0 and _value(vanishing, c) == 0.0:
            return scale * (vanishing / b) * call(U_LOG_U, b)
    return None


def _logarithm(node: Node, c: float) -> tuple[Node, float, float] | None:
    """The b, scale and k of (scale log b)^k with b = 0 at c; None for anything else."""
    power = constant_of(node.arguments[1]) if node.symbol == "**" else None
    logarithm, k = (node, 1.0) if power is None else (node.arguments[0], power)
    if logarithm.symbol not in LOGARITHMS or not k > 0.0 or not is_infinite(logarithm, c):
        return None
    b, scale = logarithm.arguments[0], 1.0 / LOGARITHMS[logarithm.symbol]
    if not is_infinite(b, c):
        return b, scale, k
    inverse = reciprocal(b, c)
    return None if inverse is None else (inverse, -scale, k)


def _factors(node: Node) -> list[Node]:
    """The factors of nested products, with -u as (-1) · u."""
    if node.symbol == "*":
        return [factor for u in node.arguments for factor in _factors(u)]
    if node.symbol == "negate":
        return [number(-1.0), *_factors(node.arguments[0])]
    return [node]


def _scaled(node: Node, factor: float) -> Node:
    """The product with a number, all numbers in one: a sign stays visible."""
    factors = _factors(node)
    value = math.prod(u.value for u in factors if u.value is not None) * factor
    return reduce(mul, [u for u in factors if u.value is None], number(value))


def _power_of(a: Node, b: Node) -> float | None:
    """The p > 0 for which a is b^p wherever b > 0, if it is written so."""
    if _is_same(a, b):
        return 1.0
    if a.symbol == "sqrt" and _is_same(a.arguments[0], b):
        return 0.5
    power = constant_of(a.arguments[1]) if a.symbol == "**" else None
    if power is None or not power > 0.0:
        return None
    if b.symbol == "abs" and power % 2.0 == 0.0 and _is_same(a.arguments[0], b.arguments[0]):
        return power
    return power if _is_same(a.arguments[0], b) else None


def _is_same(u: Node, v: Node) -> bool:
    return Formula(None, u).instructions == Formula(None, v).instructions


def _value(node: Node, c: float) -> float:
    return float(Formula(None, node)(np.array(c)))
