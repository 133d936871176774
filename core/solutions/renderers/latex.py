"""A document as LaTeX that compiles with pdflatex and packages of texlive-latex-recommended."""

from core.solutions.document import (
    Block,
    Document,
    Equations,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)
from core.solutions.drawing.tikz import tikz
from core.solutions.notation.tex import tex
from core.solutions.notation.tree import Math
from core.solutions.step import Reference, Sentence, Step

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage{graphicx}
\usepackage{tikz}
\usepackage[margin=22mm]{geometry}
\usepackage{booktabs}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setcounter{secnumdepth}{0}
\newsavebox{\stepbox}
\newlength{\steproom}
% A step is set as wide as it is, and made smaller only where the page is too narrow for it.
\newcommand{\fitted}[1]{\sbox{\stepbox}{#1}%
  \ifdim\wd\stepbox>\steproom\resizebox{\steproom}{!}{\usebox{\stepbox}}\else\usebox{\stepbox}\fi}
\newcommand{\equationsrow}{\steproom=\linewidth\raggedright\lineskiplimit=6pt\lineskip=8pt}
\newcommand{\step}[2]{\setlength{\steproom}{\dimexpr\linewidth-3em\relax}%
  \par\addvspace{8pt}\makebox[3em][l]{(#1)}%
  \fitted{$\displaystyle\begin{aligned}[t]#2\end{aligned}$}\par}
\newcommand{\note}[1]{\par\nopagebreak\vspace{-2pt}{\leftskip=3em\leavevmode\small\color{black!60}#1\par}}
"""


def latex(document: Document) -> str:
    """The whole document, preamble included."""
    blocks = [_block(block, document) for block in document.blocks]
    title = rf"\section*{{\LARGE {_text(document.title)}}}"
    parts = [_PREAMBLE, r"\begin{document}", title, *blocks, r"\end{document}"]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, document: Document) -> str:
    match block:
        case Heading():
            return rf"\{'sub' * (block.level - 1)}section{{{_text(block.text)}}}"
        case Paragraph():
            return _sentence(block.sentence, document)
        case Equations():
            parts = (rf"\fitted{{$\displaystyle {tex(formula)}$}}" for formula in block.formulas)
            formulas = "\\hspace{2em plus 1em}\n".join(parts)
            return rf"\nopagebreak{{\equationsrow {formulas}\par}}"
        case Step():
            return _step(block, document)
        case Picture():
            drawing = tikz(block.figure)
            return (
                "\\begin{center}\\setlength{\\steproom}{\\linewidth}\n"
                f"\\fitted{{{drawing}}}\\\\[4pt]\n\\small {_text(block.caption)}\n\\end{{center}}"
            )
        case PageBreak():
            return r"\clearpage"
        case Table():
            return _table(block, document)


def _step(step: Step, document: Document) -> str:
    lines = " \\\\\n  &".join(map(tex, step.lines))
    text = f"\\step{{{document.number(step)}}}{{{tex(step.symbol)} &{lines}}}"
    return f"{text}\n\\note{{{_sentence(step.note, document)}}}" if step.note else text


def _table(table: Table, document: Document) -> str:
    rows = [" & ".join(_sentence(cell, document) for cell in cells) for cells in table.rows]
    body = " \\\\\n".join(rows)
    columns = "l" * len(table.header)
    header = " & ".join(map(_text, table.header))
    return (
        "\\renewcommand{\\arraystretch}{1.7}\n"
        f"\\begin{{tabular}}{{{columns}}}\n\\toprule\n{header} \\\\\n\\midrule\n"
        f"{body} \\\\\n\\bottomrule\n\\end{{tabular}}"
    )


def _sentence(sentence: Sentence, document: Document) -> str:
    return "".join(_inline(item, document) for item in sentence)


def _inline(item: str | Math | Reference, document: Document) -> str:
    if isinstance(item, str):
        return _text(item)
    if isinstance(item, Reference):
        return f"({document.referred(item)})"
    return f"${tex(item)}$"


_SPECIAL = {"\\": r"\textbackslash{}", "|": r"\textbar{}", "~": r"\textasciitilde{}"}
_SPECIAL |= {"^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}"}
_SPECIAL |= {letter: f"\\{letter}" for letter in "&%$#_{}"}
_SPECIAL |= {
    "✓": r"$\checkmark$",
    "✗": r"$\boldsymbol{\times}$",
    "↪": r"$\hookrightarrow$",
    "≈": r"$\approx$",
    "…": r"\dots{}",
    "−": "$-$",
    "½": r"$\tfrac12$",
    "·": r"$\cdot$",
    "√": r"$\surd$",
    "∂": r"$\partial$",
    "Σ": r"$\Sigma$",
    "Δ": r"$\Delta$",
    "δ": r"$\delta$",
    "η": r"$\eta$",
    "λ": r"$\lambda$",
    "σ": r"$\sigma$",
    "ŷ": r"$\hat{y}$",
    "′": "$'$",
    "×": r"$\times$",
}
_SPECIAL |= {
    high: f"$^{{{low}}}$" for high, low in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀ", "0123456789()T", strict=True)
}
_SPECIAL |= {sub: f"$_{{{digit}}}$" for sub, digit in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)}


_ESCAPES = str.maketrans(_SPECIAL)


def _text(words: str) -> str:
    return words.translate(_ESCAPES)
