"""The tree of a formula: numbers, the variable, and symbols applied to smaller trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Node:
    """A symbol of the language applied to its arguments; `value` only where it is a number.

    Nodes are compared by identity and may be shared, so a tree is in truth a directed graph
    without cycles and every walk over it is `postorder`, which meets a shared node once.
    """

    symbol: str
    arguments: tuple[Node, ...] = ()
    value: float | None = None

    def __add__(self, other: Node | float) -> Node:
        other = as_node(other)
        if self.value == 0.0:
            return other
        return self if other.value == 0.0 else Node("+", (self, other))

    def __radd__(self, other: float) -> Node:
        return as_node(other) + self

    def __sub__(self, other: Node | float) -> Node:
        other = as_node(other)
        if self.value == 0.0:
            return -other
        return self if other.value == 0.0 else Node("-", (self, other))

    def __rsub__(self, other: float) -> Node:
        return as_node(other) - self

    def __mul__(self, other: Node | float) -> Node:
        other = as_node(other)
        if self.value == 0.0 or other.value == 0.0:
            return number(0.0)
        if self.value is not None and other.value is not None:
            return number(self.value * other.value)
        for one, rest in ((self, other), (other, self)):
            if one.value == 1.0:
                return rest
            if one.value == -1.0:
                return -rest
        return Node("*", (self, other))

    def __rmul__(self, other: float) -> Node:
        return as_node(other) * self

    def __truediv__(self, other: Node | float) -> Node:
        other = as_node(other)
        if self.value == 0.0:
            return number(0.0)
        return self if other.value == 1.0 else Node("/", (self, other))

    def __rtruediv__(self, other: float) -> Node:
        return as_node(other) / self

    def __pow__(self, other: Node | float) -> Node:
        other = as_node(other)
        if other.value == 0.0:
            return number(1.0)
        return self if other.value == 1.0 else Node("**", (self, other))

    def __neg__(self) -> Node:
        if self.symbol == "negate":
            return self.arguments[0]
        return number(-self.value) if self.value is not None else Node("negate", (self,))


VARIABLE = Node("x")


def number(value: float) -> Node:
    """Make the leaf that holds `value`."""
    return Node("number", (), float(value))


def as_node(operand: Node | float) -> Node:
    """Let a number stand for its leaf."""
    return operand if isinstance(operand, Node) else number(operand)


def postorder(root: Node) -> Iterator[Node]:
    """Yield every node once, arguments before what they are arguments of; no recursion."""
    stack, seen = [(root, False)], set[int]()
    while stack:
        node, arguments_are_out = stack.pop()
        if arguments_are_out:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((argument, False) for argument in reversed(node.arguments))
