"""Convert Python's syntax tree to a `Node` by a whitelist.

All else is refused with its position.
"""

import ast
from collections.abc import Callable
from functools import partial, reduce
from typing import NoReturn

from core.approximation.formula.function_calls import WORDS, parse_call, suggestion
from core.approximation.formula.lexer import quoted, syntax_error
from core.approximation.formula.source import PendingNode, PendingOperand, Source
from core.approximation.formula.symbols import NAMES, call
from core.approximation.formula.tree import Node, number

BINARY: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
}


def build_tree(root: ast.expr, source: Source) -> Node:
    """Read a whole expression into a tree of nodes, from left to right and without recursion."""
    steps: list[PendingOperand | PendingNode] = [PendingOperand(root)]
    trees: list[Node] = []
    while steps:
        step = steps.pop()
        if isinstance(step, PendingNode):
            arguments = trees[-len(step.parts) :]
            del trees[-len(step.parts) :]
            trees.append(step.build(*arguments))
        else:
            _require_kind(step, source)
            read = _READERS.get(type(step.node), _refuse_node)(step.node, source)
            if isinstance(read, Node):
                trees.append(read)
            else:
                steps.append(read)
                steps.extend(reversed(read.parts))
    return trees[0]


def _require_kind(part: PendingOperand, source: Source) -> None:
    node = part.node
    is_condition = isinstance(node, ast.Compare | ast.BoolOp) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    )
    if is_condition and not part.condition:
        source.refuse(node, "is a condition; it may stand only first in where(condition, a, b)")
    if part.condition and not is_condition:
        source.refuse(node, "stands where a condition such as x < 0 is expected")


def _refuse_node(node: ast.expr, source: Source) -> NoReturn:
    if isinstance(node, ast.Tuple) and not node.elts:
        source.refuse(node, "is empty")
    if isinstance(node, ast.Tuple):
        source.refuse(
            node, "is a list of values where one value is expected; a decimal point is written as ."
        )
    source.refuse(node, "is not part of formulas")


def _number(node: ast.Constant, source: Source) -> Node:
    # From the text, never through Python's integers: those have no upper bound.
    return number(float(source.text[node.col_offset : node.end_col_offset]))


def _name(node: ast.Name, source: Source) -> Node:
    if node.id in WORDS:
        source.refuse(node, f"is a function; write {node.id}(…)")
    if node.id not in NAMES and len(node.id) == 1 and node.id != "X":
        source.refuse(node, "is not a known name; the variable of a formula is x")
    if node.id not in NAMES:
        source.refuse(node, f"is not a known name{suggestion(node.id, [*NAMES, *WORDS])}")
    return NAMES[node.id]


def _unary(node: ast.UnaryOp, source: Source) -> PendingNode:
    if isinstance(node.op, ast.Not):
        return PendingNode(partial(call, "not"), [PendingOperand(node.operand, condition=True)])
    if isinstance(node.op, ast.USub):
        return PendingNode(partial(call, "negate"), [PendingOperand(node.operand)])
    return PendingNode(lambda u: u, [PendingOperand(node.operand)])


def _binary(node: ast.BinOp, source: Source) -> PendingNode:
    if type(node.op) not in BINARY:
        written = {"FloorDiv": "//", "LShift": "<<", "RShift": ">>"}[type(node.op).__name__]
        at = source.text.index(written, node.left.end_col_offset)
        syntax_error(source.origin[at], f"{quoted(written)} is not an operator of formulas")
    return PendingNode(
        partial(call, BINARY[type(node.op)]),
        [PendingOperand(node.left), PendingOperand(node.right)],
    )


def _comparison(node: ast.Compare, source: Source) -> PendingNode:
    symbols = [BINARY[type(operator)] for operator in node.ops]

    def chain(*operands: Node) -> Node:
        pairs = zip(symbols, operands[:-1], operands[1:], strict=True)
        return reduce(partial(call, "and"), (call(symbol, u, v) for symbol, u, v in pairs))

    return PendingNode(
        chain, [PendingOperand(operand) for operand in (node.left, *node.comparators)]
    )


def _logical(node: ast.BoolOp, source: Source) -> PendingNode:
    join = partial(call, BINARY[type(node.op)])
    return PendingNode(
        lambda *conditions: reduce(join, conditions),
        [PendingOperand(value, condition=True) for value in node.values],
    )


_READERS: dict[type[ast.AST], Callable[..., Node | PendingNode]] = {
    ast.Constant: _number,
    ast.Name: _name,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _comparison,
    ast.BoolOp: _logical,
    ast.Call: parse_call,
}
