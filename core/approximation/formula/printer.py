"""A tree written as a formula that `parse` reads back to the same function."""

from core.approximation.formula.function_calls import FUNCTIONS
from core.approximation.formula.symbols import EXP_MINUS_INVERSE, U_LOG_U
from core.approximation.formula.tree import Node, postorder

# How tightly an operator binds, as in Python; what is not here is a call or a leaf and binds most.
PRECEDENCE = {
    "or": 1, "and": 2, "not": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "==": 4, "!=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "negate": 7, "**": 8,
}  # fmt: skip
LEAF = 9
MAX_LENGTH = 5000


def format_tree(tree: Node) -> str | None:
    """Write `tree` with as few brackets as its precedence needs; None beyond `MAX_LENGTH`.

    A derivative shares its subtrees, so its text may be far longer than the tree is large.
    """
    texts: dict[int, str] = {}
    for node in postorder(tree):
        texts[id(node)] = text = _written(node, [texts[id(u)] for u in node.arguments])
        if len(text) > MAX_LENGTH:
            return None
    return texts[id(tree)]


def _written(node: Node, arguments: list[str]) -> str:
    if node.value is not None:
        return repr(node.value).removesuffix(".0")
    if not node.arguments:
        return node.symbol
    if node.symbol == EXP_MINUS_INVERSE:
        return f"exp(-1/({arguments[0]}))"
    if node.symbol == U_LOG_U:
        return f"(({arguments[0]})*log({arguments[0]}))"
    if node.symbol in FUNCTIONS:
        return f"{node.symbol}({', '.join(arguments)})"
    here = PRECEDENCE[node.symbol]
    if len(arguments) == 1:
        inner = _bracketed(node.arguments[0], arguments[0], here)
        return f"-{inner}" if node.symbol == "negate" else f"not {inner}"
    # Powers group from the right, all else from the left; comparisons must not chain.
    from_right, comparison = node.symbol == "**", here == PRECEDENCE["<"]
    left = _bracketed(node.arguments[0], arguments[0], here + (from_right or comparison))
    right = _bracketed(node.arguments[1], arguments[1], here + (not from_right))
    return f"{left} {node.symbol} {right}" if here < PRECEDENCE["**"] else f"{left}**{right}"


def _bracketed(node: Node, text: str, at_least: int) -> str:
    binds = PRECEDENCE.get(node.symbol, LEAF)
    if node.value is not None and text.startswith("-"):
        binds = PRECEDENCE["negate"]
    return f"({text})" if binds < at_least else text
