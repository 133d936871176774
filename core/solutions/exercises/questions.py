"""What an exercise asks for, part by part."""

from core.solutions.derivation.symbols import by
from core.solutions.notation.tree import Mark, Math, Scripts, row
from core.solutions.step import Sentence

_LAYER = row("(", "l", ")")


def _of_layer(letter: str) -> Math:
    return Scripts(Mark(letter), above=_LAYER)


_FORWARD: Sentence = (
    "(a) Compute ",
    _of_layer("s"),
    " and ",
    _of_layer("x"),
    " for every layer, and write them into the drawing.",
)
_BACKWARD: tuple[Sentence, ...] = (
    ("(b) Compute the loss ", Mark("E"), "."),
    (
        "(c) Compute ",
        _of_layer("delta"),
        ", ",
        by(_of_layer("w")),
        " and ",
        by(_of_layer("b")),
        " for every layer, from the last one down.",
    ),
)
_UPDATE: Sentence = (
    "(d) Make one step of gradient descent: give the new ",
    _of_layer("w"),
    " and ",
    _of_layer("b"),
    ".",
)
_PARTS: dict[str, tuple[Sentence, ...]] = {
    "forward": (_FORWARD,),
    "backprop": (_FORWARD, *_BACKWARD),
    "update": (_FORWARD, *_BACKWARD, _UPDATE),
    "relu_system": (
        ("(a) Give the spacing ", Mark("h"), ", the points and the knots."),
        ("(b) Write down the triangular system for the unknowns ", Mark("lambda"), "."),
        ("(c) Solve it from the first row to the last.",),
        ("(d) Write down the network ", row("NN", "(", "x", ")"), " with its numbers."),
    ),
}


def questions(kind: str) -> tuple[Sentence, ...]:
    """The parts of that kind of exercise."""
    return _PARTS[kind]
