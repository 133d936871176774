"""The numbers handed in, brought into the shapes of the quantities they are meant for."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.arrays import Array
from core.errors import Place, ShapeMismatch, UnknownName
from core.solutions.calculation.quantity import Calculation
from core.solutions.checking.marking import Answers
from core.solutions.checking.written_numbers import WrittenNumbers


@dataclass(frozen=True, eq=False)
class SubmittedAnswers:
    """Answers that fit, and which of them had to be transposed for that."""

    answers: Answers
    transposed: frozenset[Place]


def match_shapes(
    calculation: Calculation,
    answers: Mapping[Place, Array],
    shapes: Mapping[Place, tuple[int, ...]],
) -> SubmittedAnswers:
    """Take a matrix with rows and columns exchanged for what it is: a transposed one.

    Raises `UnknownName` for a place where nothing is computed, `ShapeMismatch` for other shapes.
    """
    fitting: dict[Place, WrittenNumbers] = {}
    transposed: set[Place] = set()
    for place, numbers in answers.items():
        if place not in calculation:
            raise UnknownName(f"{_named(place)} is not computed here", place)
        expected = shapes[place]
        if numbers.shape == expected:
            fitting[place] = WrittenNumbers.of(numbers)
        elif numbers.ndim == 2 and numbers.shape == expected[::-1]:
            fitting[place] = WrittenNumbers.of(numbers).T
            transposed.add(place)
        else:
            raise ShapeMismatch(
                f"{_named(place)} is {_shape(numbers.shape)}, expected {_shape(expected)}", place
            )
    return SubmittedAnswers(fitting, frozenset(transposed))


def _named(place: Place) -> str:
    if place[0] == "layers":
        return f"{place[2]} of layer {int(place[1]) + 1}"
    return " ".join(map(str, place))


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "a single number"
