"""f′ and f″ as formulas, from the same tree as f: the chain rule along the tree."""

from core.approximation.formula.symbols import SYMBOLS
from core.approximation.formula.tree import VARIABLE, Node, number, postorder


def derivative(tree: Node) -> Node:
    """Return the tree of df/dx.

    Where f has a kink or a jump it is the derivative that holds beside it: abs′ is sign, floor′ is
    0, and `where` takes that of the chosen branch.
    """
    slope_of: dict[int, Node] = {}
    for node in postorder(tree):
        if node is VARIABLE:
            slope_of[id(node)] = number(1.0)
        elif node.arguments:
            slope_of[id(node)] = _chain_rule(node, slope_of)
        else:
            slope_of[id(node)] = number(0.0)
    return slope_of[id(tree)]


def _chain_rule(node: Node, slope_of: dict[int, Node]) -> Node:
    """Σ over the arguments of ∂node/∂argument · argument′."""
    total = number(0.0)
    inner = [slope_of[id(argument)] for argument in node.arguments]
    if all(slope.value == 0.0 for slope in inner):
        return total
    partials = SYMBOLS[node.symbol].partials(*node.arguments)
    for partial, slope in zip(partials, inner, strict=True):
        total = total + partial * slope
    return total
