"""The letters of a formula: what may stand in it at all, and where brackets and signs are missing.

The scan runs before Python's own parser sees the text. What it lets through holds only numbers,
words, operators, brackets and blanks in a plausible order, so the parser never meets strings,
attributes, comments or line breaks; the signs beyond ASCII that it lets through are in `SIGNS` and
`SUPERSCRIPTS`.
"""

import keyword
import math
import re
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from core.approximation.formula.symbols import ALIASES, SYMBOLS
from core.errors import InvalidFormula

MAX_DEPTH = 100
PLACE = ("function",)

SIGNS = {"π": "pi", "τ": "tau", "−": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "∗": "*"}
"""What signs of print stand for."""
SUPERSCRIPTS = {sign: str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
ADVICE = {
    "=": "is not an operator; of y = f(x) give the right-hand side alone, and comparisons are "
    "written <, <=, ==, !=, >= and >",
    "≤": "is not an operator; write <=",
    "≥": "is not an operator; write >=",
    "≠": "is not an operator; write !=",
    "\\": "is not part of formulas; LaTeX such as \\frac{1}{x} is written 1/x",
    "{": "is not a bracket of formulas; write ( and )",
    "}": "is not a bracket of formulas; write ( and )",
    "[": "is not a bracket of formulas; write ( and )",
    ".": "has no digit beside it; a decimal point is part of a number, as in 0.5",
    "|": "is not an operator; the absolute value is written abs(x)",
    "√": "is not an operator; the root is written sqrt(x)",
    "!": "is not an operator; there are no factorials, and 'not equal' is written !=",
}
FUNCTIONS = frozenset({name for name in SYMBOLS if name.isalnum()} | ALIASES.keys())

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<operator>\*\*|<=|>=|==|!=|[-+*/%^,<>])"
    r"|(?P<open>\()|(?P<close>\))|(?P<blank>[ \t]+)"
    rf"|(?P<constant>[πτ])|(?P<sign>[{''.join(SIGNS)}])|(?P<power>[{''.join(SUPERSCRIPTS)}]+)",
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
            syntax_error(position, f"{quoted(text[position])} {_reason(text, position)}")
        for token in _tokens(match):
            _check_alone(token)
            _follow_brackets(token, open_brackets)
            _check_order(tokens, token)
            tokens.append(token)
        position = match.end()
    if open_brackets:
        syntax_error(open_brackets[-1], "this '(' is never closed")
    if not tokens or tokens[-1].kind == "operator":
        syntax_error(
            len(text.rstrip()), "the formula ends where a number, x or a function is expected"
        )
    return tokens


def _tokens(match: re.Match[str]) -> list[Token]:
    """Return the tokens of a match; a superscript is a power of a number."""
    kind, text, start = str(match.lastgroup), match.group(), match.start()
    if kind == "blank":
        return []
    if kind == "power":
        digits = "".join(SUPERSCRIPTS[sign] for sign in text)
        return [Token("operator", "^", start), Token("number", digits, start)]
    if kind in ("constant", "sign"):
        return [Token("word" if kind == "constant" else "operator", SIGNS[text], start)]
    return [Token("operator" if text in _LOGICAL else kind, text, start)]


def _reason(text: str, position: int) -> str:
    character = text[position]
    if character == "." and text[position + 1 : position + 2].isalpha():
        return "follows a name; functions are written without a module or class, as sin(x)"
    if character in ADVICE:
        return ADVICE[character]
    if not character.isascii():
        return "is not a character of formulas; use ASCII"
    return "has no meaning in a formula"


def _check_alone(token: Token) -> None:
    if token.kind == "number" and math.isinf(float(token.text)):
        syntax_error(token.start, f"{quoted(token.text)} is beyond what a float can hold")
    if token.kind == "word" and keyword.iskeyword(token.text):
        syntax_error(
            token.start,
            f"{quoted(token.text)} is not part of formulas; "
            "write a choice as where(condition, a, b)",
        )


def _check_order(tokens: Sequence[Token], token: Token) -> None:
    """Operands and the operators between them alternate."""
    before = tokens[-1] if tokens else None
    if before is not None and before.kind in ("number", "word", "close"):
        is_call = before.kind == "word" and token.kind == "open"
        if token.kind in ("number", "word", "open") and not is_call:
            syntax_error(token.start, _missing_sign(tokens, token))
        expected = token.text != "not"
    elif before is not None and before.kind == "open" and token.kind == "close":
        expected = True  # a call without arguments, refused where the arguments are counted
    else:
        expected = token.kind in ("number", "word", "open") or token.text in _PREFIXES
    if not expected:
        syntax_error(token.start, f"{quoted(token.text)} is not expected here")


def _missing_sign(tokens: Sequence[Token], token: Token) -> str:
    """What to write where an operand follows another one."""
    before = tokens[-1]
    if len(tokens) > 2 and tokens[-2].text in ("^", "**") and tokens[-3].text in FUNCTIONS:
        name = tokens[-3].text
        return (
            f"{quoted(token.text)} follows a power of the function {name}; "
            f"the power of its value is written {name}(x)^{before.text}"
        )
    if before.text in FUNCTIONS:
        return (
            f"{quoted(token.text)} follows the function {before.text}: "
            f"write {before.text}({'…' if token.kind == 'open' else token.text})"
        )
    product = f"{before.text}*{token.text}"
    shown = f": {product}" if before.kind != "close" and token.kind != "open" else ""
    return (
        f"there is no operator between {quoted(before.text)} and {quoted(token.text)}; "
        f"write a product with *{shown if len(shown) < 20 else ''}"
    )


def _follow_brackets(token: Token, open_brackets: list[int]) -> None:
    if token.kind == "open":
        open_brackets.append(token.start)
        if len(open_brackets) > MAX_DEPTH:
            syntax_error(token.start, f"brackets are nested deeper than {MAX_DEPTH}")
    elif token.kind == "close":
        if not open_brackets:
            syntax_error(token.start, "this ')' was never opened")
        open_brackets.pop()
