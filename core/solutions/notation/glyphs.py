"""The marks that formulas are made of: one entry of `GLYPHS` is one mark."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Glyph:
    """A mark in LaTeX and in Unicode, and what it is: that decides slant and space."""

    latex: str
    character: str
    kind: Literal[
        "letter",
        "hat",
        "word",
        "operator",
        "relation",
        "large",
        "punctuation",
        "bracket",
        "large bracket",
        "mark",
    ]


def _letter(name: str) -> tuple[str, Glyph]:
    return name, Glyph(name, name, "letter")


def _word(name: str, latex: str | None = None) -> tuple[str, Glyph]:
    return name, Glyph(latex or rf"\operatorname{{{name}}}", name, "word")


GLYPHS: dict[str, Glyph] = dict(
    [
        *map(_letter, "abcdefghijklmnqstvwxyzENTL"),
        ("alpha", Glyph(r"\alpha", "α", "letter")),
        ("beta", Glyph(r"\beta", "β", "letter")),
        ("increment", Glyph(r"\Delta", "Δ", "letter")),
        ("delta", Glyph(r"\delta", "δ", "letter")),
        ("epsilon", Glyph(r"\varepsilon", "ε", "letter")),
        ("eta", Glyph(r"\eta", "η", "letter")),
        ("lambda", Glyph(r"\lambda", "λ", "letter")),
        ("mu", Glyph(r"\mu", "μ", "letter")),
        ("pi", Glyph(r"\pi", "π", "letter")),
        ("sigma", Glyph(r"\sigma", "σ", "letter")),
        ("partial", Glyph(r"\partial", "∂", "letter")),
        ("yhat", Glyph(r"\hat{y}", "y", "hat")),
        _word("ReLU"),
        _word("LeakyReLU"),
        _word("NN"),
        *map(_word, ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh")),
        *map(_word, ("asinh", "acosh", "atanh", "erf", "min", "sign", "floor", "ceil", "cbrt")),
        *map(_word, ("expm1", "log1p", "log2", "log10", "where", "mod", "and", "or", "not")),
        _word("softmax"),
        _word("softplus"),
        _word("id"),
        _word("step"),
        _word("tanh", r"\tanh"),
        _word("ln", r"\ln"),
        _word("max", r"\max"),
        ("transposed", Glyph(r"\top", "⊤", "word")),
        ("prime", Glyph(r"\prime", "′", "word")),
        ("sum", Glyph(r"\sum", "∑", "large")),
        ("equals", Glyph("=", "=", "relation")),
        ("right", Glyph(r"\,{\checkmark}", "✓", "mark")),
        ("cross", Glyph(r"\,{\boldsymbol{\times}}", "✗", "mark")),
        ("follows", Glyph(r"\,{\hookrightarrow}", "↪", "mark")),
        ("approximately", Glyph(r"\approx", "≈", "relation")),
        ("arrow", Glyph(r"\leftarrow", "←", "relation")),
        ("greater", Glyph(">", ">", "relation")),
        ("at_most", Glyph(r"\le", "≤", "relation")),
        ("less", Glyph("<", "<", "relation")),
        ("at_least", Glyph(r"\ge", "≥", "relation")),
        ("unequal", Glyph(r"\ne", "≠", "relation")),
        ("slash", Glyph("/", "/", "punctuation")),
        ("|", Glyph("|", "|", "bracket")),
        ("plus", Glyph("+", "+", "operator")),
        ("minus", Glyph("-", "−", "operator")),
        ("times", Glyph(r"\cdot", "·", "operator")),
        ("hadamard", Glyph(r"\odot", "⊙", "operator")),
        ("comma", Glyph(",", ",", "punctuation")),
        ("dots", Glyph(r"\dots", "…", "letter")),
        ("(", Glyph("(", "(", "bracket")),
        (")", Glyph(")", ")", "bracket")),
        ("large(", Glyph(r"\Bigl(", "(", "large bracket")),
        ("large)", Glyph(r"\Bigr)", ")", "large bracket")),
        ("[", Glyph("[", "[", "bracket")),
        ("]", Glyph("]", "]", "bracket")),
    ]
)
