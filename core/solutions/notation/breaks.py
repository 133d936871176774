"""Line breaks of a formula that is wider than a line: before relations, operators and matrices."""

from collections.abc import Iterator

from core.solutions.notation import tree
from core.solutions.notation.width import width

RELATION = 3.0
"""The digits that the mark at the beginning of a line may take."""


def broken(math: tree.Math, room: float) -> list[tree.Row]:
    """The formula in parts of at most `room` digits, as far as its operators allow.

    A part is only wider where a matrix, a fraction or a number alone is.
    """
    whole = math if isinstance(math, tree.Row) else tree.Row((math,))
    if width(whole) <= room:
        return [whole]
    lines: list[tree.Row] = []
    filled = 0.0
    for part in _parts(math, room - RELATION):
        added = width(part)
        if lines and filled + added <= room:
            lines[-1] = tree.Row((*lines[-1].items, *part.items))
            filled += added
        else:
            lines.append(part)
            filled = added
    return lines


def _parts(math: tree.Math, room: float) -> Iterator[tree.Row]:
    """The smallest parts: each begins where a line may begin."""
    part: list[tree.Math] = []
    depth = 0
    for item in _opened(math, room):
        if part and depth == 0 and _may_begin(item, part[-1]):
            yield tree.Row(tuple(part))
            part = []
        part.append(item)
        depth += _DEPTH.get(item.name, 0) if isinstance(item, tree.Mark) else 0
    if part:
        yield tree.Row(tuple(part))


_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}
_BINARY = ("operator", "relation")
_OPEN, _CLOSE = tree.row("("), tree.row(")")
_LARGE_OPEN, _LARGE_CLOSE = tree.row("large("), tree.row("large)")
"""The parentheses of an opened pair, between which a line may begin."""


def _opened(math: tree.Math, room: float) -> Iterator[tree.Math]:
    """The items in a row; too wide parentheses and fractions as (…) and (…)/…."""
    if isinstance(math, tree.Row):
        for item in math.items:
            yield from _opened(item, room)
    elif isinstance(math, tree.Fenced) and width(math) > room:
        tall = tree.is_tall(math.inside)
        yield _LARGE_OPEN if tall else _OPEN
        yield from _opened(math.inside, room)
        yield _LARGE_CLOSE if tall else _CLOSE
    elif isinstance(math, tree.Fraction) and width(math) > room and not tree.is_tall(math.top):
        yield _OPEN
        yield from _opened(math.top, room)
        yield _CLOSE
        yield tree.Mark("slash")
        yield _denominator(math.bottom)
    else:
        yield math


def _denominator(math: tree.Math) -> tree.Math:
    is_single = not isinstance(math, tree.Row) or len(math.items) == 1
    return math if is_single else tree.Fenced(math)


def _may_begin(item: tree.Math, before: tree.Math) -> bool:
    """Whether a line may begin with `item`: no sign of a number, no argument of a function."""
    if isinstance(item, tree.Mark):
        is_scaled = item.name == "times" and isinstance(before, tree.Number)
        return item.glyph.kind in _BINARY and _is_operand(before) and not is_scaled
    return isinstance(item, tree.Matrix) and isinstance(before, tree.Matrix)


def _is_operand(item: tree.Math) -> bool:
    if not isinstance(item, tree.Mark):
        return item not in (_OPEN, _LARGE_OPEN) and not isinstance(item, tree.Limits)
    return item.glyph.kind in ("letter", "hat", "mark") or item.name in (")", "]")
