"""What an exercise asks for, part by part."""

from core.conventions import DEFAULT, Conventions
from core.solutions.derivation.symbols import by
from core.solutions.exercises.marking_scheme import Points, points_of
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
    "For each layer ",
    row(_of_layer("s"), "equals", _of_layer("w"), _below("x"), "plus", _of_layer("b")),
    " is the weighted sum and ",
    row(_of_layer("x"), "equals", "sigma", "(", _of_layer("s"), ")"),
    " the output, with the activation ",
    Mark("sigma"),
    " of the layer.",
)
_DEFINED_BACKWARD: Sentence = (
    "Further ",
    row(_of_layer("delta"), "equals", by(_of_layer("s"))),
    " is the derivative of the loss by the weighted sum.",
)
_DEFINED_BY_ERROR: Sentence = (
    "Further ",
    row(_of_layer("delta"), "equals", "minus", by(_of_layer("s"))),
    " is the derivative of the loss by the weighted sum, with the sign of target minus output.",
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
    row(_new("w"), "equals", _of_layer("w"), "minus", "eta", by(_of_layer("w"))),
    " and ",
    row(_new("b"), "equals", _of_layer("b"), "minus", "eta", by(_of_layer("b"))),
    ".",
)
_STEP: Sentence = (
    "(d) Give the step of gradient descent with the step size ",
    Mark("eta"),
    ": ",
    row("increment", _of_layer("w"), "equals", "minus", "eta", by(_of_layer("w"))),
    " and ",
    row("increment", _of_layer("b"), "equals", "minus", "eta", by(_of_layer("b"))),
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


def questions(
    kind: str, scheme: tuple[Points, ...], conventions: Conventions = DEFAULT
) -> tuple[Sentence, ...]:
    """The parts of that kind of exercise by these conventions, each with what it is worth."""
    sentences = (_by_convention(sentence, conventions) for sentence in _PARTS[kind])
    return tuple(_with_points(sentence, scheme) for sentence in sentences)


def _by_convention(sentence: Sentence, conventions: Conventions) -> Sentence:
    if sentence is _DEFINED_BACKWARD and conventions.delta == "error":
        return _DEFINED_BY_ERROR
    return _STEP if sentence is _UPDATE and conventions.update == "step" else sentence


def _with_points(sentence: Sentence, scheme: tuple[Points, ...]) -> Sentence:
    """A part begins with its letter, as (a); what defines the quantities has none."""
    first = sentence[0]
    if not (isinstance(first, str) and first.startswith("(")):
        return sentence
    worth = points_of(scheme, first[1])
    return (*sentence, f" [{worth} point{'s' if worth != 1 else ''}]")
