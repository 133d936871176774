"""What an exercise asks for, part by part."""

from core.solutions.derivation.symbols import by
from core.solutions.notation.tree import Limits, Mark, Math, Scripts, row
from core.solutions.step import Sentence

_LAYER = row("(", "l", ")")


def _of_layer(letter: str) -> Math:
    return Scripts(Mark(letter), above=_LAYER)


def _below(letter: str) -> Math:
    return Scripts(Mark(letter), above=row("(", "l", "minus", 1, ")"))


def _indexed(letter: str) -> Math:
    return Scripts(Mark(letter), below=Mark("j"))


def _new(letter: str) -> Math:
    return Scripts(Mark(letter), above=row("prime", _LAYER))


_DEFINED: Sentence = (
    "Here ",
    row(_of_layer("s"), "equals", _of_layer("w"), _below("x"), "plus", _of_layer("b")),
    " is what a layer weighs and ",
    row(_of_layer("x"), "equals", "sigma", "(", _of_layer("s"), ")"),
    " what it puts out, with the activation ",
    Mark("sigma"),
    " of the layer.",
)
_DEFINED_BACKWARD: Sentence = (
    "Further ",
    row(_of_layer("delta"), "equals", by(_of_layer("s"))),
    ".",
)
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
    "(d) Make one step of gradient descent with the step size ",
    Mark("eta"),
    ": give the new parameters ",
    _new("w"),
    " and ",
    _new("b"),
    ".",
)
_PARTS: dict[str, tuple[Sentence, ...]] = {
    "forward": (_DEFINED, _FORWARD),
    "backprop": (_DEFINED, _DEFINED_BACKWARD, _FORWARD, *_BACKWARD),
    "update": (_DEFINED, _DEFINED_BACKWARD, _FORWARD, *_BACKWARD, _UPDATE),
    "relu_system": (
        (
            "The network is ",
            row("NN", "(", "x", ")", "equals"),
            row(Limits(Mark("sum"), Mark("j")), _indexed("lambda"), "ReLU"),
            row("(", "x", "minus", _indexed("b"), ")"),
            " with the knots ",
            row(Scripts(Mark("b"), below=row(1)), "equals", "a", "minus", "h"),
            " and, from the second on, the point to the left.",
        ),
        ("(a) Give the spacing ", Mark("h"), ", the points and the knots."),
        ("(b) Write down the triangular system for the unknowns ", Mark("lambda"), "."),
        ("(c) Solve it from the first row to the last.",),
        ("(d) Write down the network ", row("NN", "(", "x", ")"), " with its numbers."),
    ),
}


def questions(kind: str) -> tuple[Sentence, ...]:
    """The parts of that kind of exercise."""
    return _PARTS[kind]
