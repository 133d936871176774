"""How every mark and every kind of formula is written, in LaTeX and in MathML.

`python tests/core/solutions/golden_glyphs.py` writes the file again after an intended change.
"""

from pathlib import Path

from core.solutions.notation.glyphs import GLYPHS
from core.solutions.notation.mathml import mathml
from core.solutions.notation.tex import tex
from core.solutions.notation.tree import (
    Fenced,
    Fraction,
    Limits,
    Mark,
    Matrix,
    Number,
    Root,
    Scripts,
    column,
    row,
)

FILE = Path(__file__).parent / "golden" / "glyphs.txt"
HALF = Fraction(Number("1"), Number("2"))
FORMULAS = {
    "number": Number("-0.90"),
    "power of ten": Number("1.2e-7"),
    "below": Scripts(Mark("x"), below=Number("1")),
    "above": Scripts(Mark("e"), above=row("minus", "s")),
    "both": Scripts(Mark("w"), row(1, "comma", 2), row("(", 1, ")")),
    "power of a fraction": Scripts(Fenced(HALF), above=Number("2")),
    "under": Limits(Mark("sum"), Mark("k")),
    "under and over": Limits(Mark("sum"), row("n", "equals", 1), Mark("N")),
    "fraction": HALF,
    "fraction in a fraction": Fraction(row("a", "plus", HALF), Mark("b")),
    "fenced": Fenced(row("a", "minus", "b")),
    "fenced fraction": Fenced(HALF),
    "root": Root(row("x", "plus", 2)),
    "column": column([Number("1"), Number("-2")]),
    "matrix": Matrix(((Number("1"), Number("2")), (HALF, Number("4")))),
    "negative beside an operator": row("a", "plus", Number("-2")),
}


def text():
    marks = {name: Mark(name) for name in GLYPHS}
    operators = {f"between {name}": row("a", name, "b") for name in ("plus", "equals", "times")}
    return "".join(
        f"{name}\t{tex(formula)}\t{mathml(formula)}\n"
        for name, formula in (marks | operators | FORMULAS).items()
    )


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
