"""From Python's syntax tree to ours, over a whitelist; everything else is refused by position."""

import ast
from collections.abc import Callable
from functools import partial, reduce
from typing import NoReturn

from core.approximation.formula.function_calls import WORDS, read_call, suggestion
from core.approximation.formula.lexer import refuse, shown
from core.approximation.formula.source import Form, Part, Source
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


def convert(root: ast.expr, source: Source) -> Node:
    """Read a whole expression into our tree, from left to right and without recursion."""
    steps: list[Part | Form] = [Part(root)]
    trees: list[Node] = []
    while steps:
        step = steps.pop()
        if isinstance(step, Form):
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


def _require_kind(part: Part, source: Source) -> None:
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
        source.refuse(node, "is a list of values where one value is expected")
    source.refuse(node, "is not part of the language of formulas")


def _number(node: ast.Constant, source: Source) -> Node:
    # From the text, never through Python's integers: those have no upper bound.
    return number(float(source.text[node.col_offset : node.end_col_offset]))


def _name(node: ast.Name, source: Source) -> Node:
    if node.id in WORDS:
        source.refuse(node, f"is a function; write {node.id}(…)")
    if node.id not in NAMES:
        source.refuse(node, f"is not a known name{suggestion(node.id, [*NAMES, *WORDS])}")
    return NAMES[node.id]


def _unary(node: ast.UnaryOp, source: Source) -> Form:
    if isinstance(node.op, ast.Not):
        return Form(partial(call, "not"), [Part(node.operand, condition=True)])
    if isinstance(node.op, ast.USub):
        return Form(partial(call, "negate"), [Part(node.operand)])
    return Form(lambda u: u, [Part(node.operand)])


def _binary(node: ast.BinOp, source: Source) -> Form:
    if type(node.op) not in BINARY:
        written = {"FloorDiv": "//", "LShift": "<<", "RShift": ">>"}[type(node.op).__name__]
        at = source.text.index(written, node.left.end_col_offset)
        refuse(source.origin[at], f"{shown(written)} is not an operator of formulas")
    return Form(partial(call, BINARY[type(node.op)]), [Part(node.left), Part(node.right)])


def _comparison(node: ast.Compare, source: Source) -> Form:
    symbols = [BINARY[type(operator)] for operator in node.ops]

    def chain(*operands: Node) -> Node:
        pairs = zip(symbols, operands[:-1], operands[1:], strict=True)
        return reduce(partial(call, "and"), (call(symbol, u, v) for symbol, u, v in pairs))

    return Form(chain, [Part(operand) for operand in (node.left, *node.comparators)])


def _logical(node: ast.BoolOp, source: Source) -> Form:
    join = partial(call, BINARY[type(node.op)])
    return Form(
        lambda *conditions: reduce(join, conditions),
        [Part(value, condition=True) for value in node.values],
    )


_READERS: dict[type[ast.AST], Callable[..., Node | Form]] = {
    ast.Constant: _number,
    ast.Name: _name,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _comparison,
    ast.BoolOp: _logical,
    ast.Call: read_call,
}
