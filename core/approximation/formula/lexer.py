"""The letters of a formula: what may stand in it at all, and where brackets and signs are missing.

The scan runs before Python's own parser sees the text. What it lets through holds only numbers,
words, operators, brackets and blanks in a plausible order, so the parser never meets strings,
attributes, comments, line breaks or letters beyond ASCII.
"""

import keyword
import math
import re
from typing import NamedTuple, NoReturn

from core.errors import InvalidFormula

MAX_DEPTH = 100
PLACE = ("function",)

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/%^,<>])"
    r"|(?P<open>\()|(?P<close>\))|(?P<blank>[ \t]+)",
    re.ASCII,
)
_LOGICAL = frozenset({"and", "or", "not"})
_PREFIXES = frozenset({"+", "-", "not"})


class Token(NamedTuple):
    """A piece of the text; `start` counts from 0."""

    kind: str
    text: str
    start: int


def syntax_error(position: int, why: str) -> NoReturn:
    """Raise `InvalidFormula` naming the character at `position`, which counts from 0."""
    raise InvalidFormula(f"at character {position + 1}: {why}", PLACE)


def quoted(text: str) -> str:
    """The text as it may stand in a sentence: short, and every odd character escaped."""
    return ascii(text if len(text) <= 20 else f"{text[:17]}...")


def tokenize(text: str) -> list[Token]:
    """Cut `text` into its tokens, blanks left out.

    Raises `InvalidFormula` at a character that belongs to no token, at a number beyond the floats,
    at a bracket without partner or too deep, and where an operand or a sign is missing.
    """
    tokens: list[Token] = []
    open_brackets: list[int] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            syntax_error(position, f"{quoted(text[position])} {_reason(text[position])}")
        kind = "operator" if match.group() in _LOGICAL else str(match.lastgroup)
        token = Token(kind, match.group(), position)
        position = match.end()
        if token.kind != "blank":
            _check_alone(token)
            _follow_brackets(token, open_brackets)
            _check_order(tokens[-1] if tokens else None, token)
            tokens.append(token)
    if open_brackets:
        syntax_error(open_brackets[-1], "this '(' is never closed")
    if not tokens or tokens[-1].kind == "operator":
        syntax_error(
            len(text.rstrip()), "the formula ends where a number, x or a function is expected"
        )
    return tokens


def _reason(character: str) -> str:
    if character == "=":
        return "is not an operator; comparisons are written <, <=, ==, !=, >= and >"
    if character == ".":
        return "stands alone; a decimal point needs a digit, and nothing has attributes"
    if not character.isascii():
        return "is not a letter of this language; use ASCII"
    return "has no meaning in a formula"


def _check_alone(token: Token) -> None:
    if token.kind == "number" and math.isinf(float(token.text)):
        syntax_error(token.start, f"{quoted(token.text)} is beyond what a float can hold")
    if token.kind == "word" and keyword.iskeyword(token.text):
        syntax_error(
            token.start,
            f"{quoted(token.text)} is not a word of this language; "
            "a choice is written where(condition, a, b)",
        )


def _check_order(before: Token | None, token: Token) -> None:
    """Operands and the operators between them alternate."""
    if before is not None and before.kind in ("number", "word", "close"):
        is_call = before.kind == "word" and token.kind == "open"
        if token.kind in ("number", "word", "open") and not is_call:
            syntax_error(
                token.start,
                f"{quoted(token.text)} follows {quoted(before.text)} without a sign between them; "
                "a product is written with *",
            )
        expected = token.text != "not"
    elif before is not None and before.kind == "open" and token.kind == "close":
        expected = True  # a call without arguments, refused where the arguments are counted
    else:
        expected = token.kind in ("number", "word", "open") or token.text in _PREFIXES
    if not expected:
        syntax_error(token.start, f"{quoted(token.text)} is not expected here")


def _follow_brackets(token: Token, open_brackets: list[int]) -> None:
    if token.kind == "open":
        open_brackets.append(token.start)
        if len(open_brackets) > MAX_DEPTH:
            syntax_error(token.start, f"brackets are nested deeper than {MAX_DEPTH}")
    elif token.kind == "close":
        if not open_brackets:
            syntax_error(token.start, "this ')' was never opened")
        open_brackets.pop()
