"""Mutation operators: each replaces one node of a syntax tree by a plausible wrong one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
CALLS = {"min": "max", "max": "min", "all": "any", "any": "all", "minimum": "maximum"}
CALLS |= {"maximum": "minimum", "argmin": "argmax", "argmax": "argmin", "floor": "ceil"}


@dataclass(frozen=True)
class Mutant:
    """A changed source, and the change in words."""

    line: int
    change: str
    source: str


def places(source: str) -> list[tuple[int, int]]:
    """Where a module can be changed: the number of a node, and which of its replacements.

    Docstrings and annotations stay as they are.
    """
    nodes = enumerate(ast.walk(ast.parse(source)))
    return [(number, k) for number, node in nodes for k, _ in enumerate(_replacements(node))]


def mutant(source: str, place: tuple[int, int]) -> Mutant:
    """The module with one node replaced."""
    tree = ast.parse(source)
    number, which = place
    node = list(ast.walk(tree))[number]
    before = ast.unparse(node)
    _become(node, list(_replacements(node))[which])
    changed = ast.unparse(ast.fix_missing_locations(tree))
    return Mutant(node.lineno, f"{before}  ->  {ast.unparse(node)}", changed)


def _become(node: ast.AST, replacement: ast.AST) -> None:
    """Turn the node into the replacement where it stands."""
    node.__class__ = type(replacement)  # type: ignore[assignment]
    node.__dict__ = dict(replacement.__dict__) | {
        name: value for name, value in node.__dict__.items() if name.endswith(("lineno", "offset"))
    }


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left, [operator], right) if type(operator) in COMPARISONS:
            yield ast.Compare(left, [COMPARISONS[type(operator)]()], right)
        case ast.BinOp(left, operator, right) if type(operator) in ARITHMETIC and not _is_type(
            node
        ):
            yield ast.BinOp(left, ARITHMETIC[type(operator)](), right)
        case ast.BoolOp(ast.And(), values):
            yield ast.BoolOp(ast.Or(), values)
        case ast.BoolOp(ast.Or(), values):
            yield ast.BoolOp(ast.And(), values)
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.If(test, body, orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Expr(ast.Call()) | ast.AugAssign():
            yield ast.Pass()
        case ast.Call(ast.Attribute(value, str(name)), arguments, keywords) if name in CALLS:
            yield ast.Call(ast.Attribute(value, CALLS[name], ast.Load()), arguments, keywords)
        case ast.Call(ast.Name(str(name)), arguments, keywords) if name in CALLS:
            yield ast.Call(ast.Name(CALLS[name], ast.Load()), arguments, keywords)


def _is_type(node: ast.BinOp) -> bool:
    """Whether it is a union of types, `int | None`, which no test can notice."""
    if not isinstance(node.op, ast.BitOr):
        return False
    sides = (node.left, node.right)
    return any(isinstance(side, ast.Constant) and side.value is None for side in sides) or all(
        isinstance(side, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp) for side in sides
    )
