"""The symbol of every quantity, as in docs/exercise-sheet.md."""

from core.errors import Place
from core.solutions.calculation.quantity import (
    ETA,
    INPUT,
    INPUT_GRADIENT,
    LOSS,
    SAMPLE_WEIGHTS,
    TARGET,
)
from core.solutions.calculation.relu_system import GRID, KNOTS, SPACING, VALUES
from core.solutions.notation.tree import Fraction, Mark, Math, Number, Row, Scripts, row

E = Mark("E")
FUNCTION_MARKS = {
    "sigmoid": "sigma",
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "tanh": "tanh",
    "identity": "id",
    "softplus": "softplus",
    "softmax": "softmax",
    "step": "step",
}


def of_layer(letter: str, number: int, transposed: bool = False) -> Scripts:
    """A letter with its layer above it: w^(2), with a T for the transposed."""
    layer = row("(", number, ")")
    above = Row((*layer.items, Mark("transposed"))) if transposed else layer
    return Scripts(Mark(letter), above=above)


def entry(symbol: Scripts, *indices: Math) -> Scripts:
    """One number of a vector or matrix: x^(2)_k."""
    parts: list[Math] = []
    for index in indices:
        parts += [Mark("comma"), index] if parts else [index]
    return Scripts(symbol.base, below=Row(tuple(parts)), above=symbol.above)


def indexed(letter: str, index: Math | str | int) -> Scripts:
    """A letter with an index: λ_j."""
    return Scripts(Mark(letter), below=row(index))


def by(bottom: Math, loss: Math = E) -> Fraction:
    """∂E/∂bottom."""
    return Fraction(row("partial", loss), row("partial", bottom))


def loss_symbol(sample: int | None = None) -> Math:
    """E, or E_n for sample n, counted from 1 on paper."""
    return E if sample is None else Scripts(E, below=Number(str(sample + 1)))


def function_of(activation: str, argument: Math, slope: bool = False) -> Row:
    """σ(s), or σ′(s)."""
    name: Math = Mark(FUNCTION_MARKS[activation])
    if slope:
        name = Scripts(name, above=Mark("prime"))
    return row(name, "(", argument, ")")


_FIXED: dict[Place, Math] = {
    INPUT: of_layer("x", 0),
    TARGET: Mark("y"),
    SAMPLE_WEIGHTS: Mark("c"),
    ETA: Mark("eta"),
    LOSS: E,
    INPUT_GRADIENT: by(of_layer("x", 0)),
    SPACING: Mark("h"),
    GRID: Scripts(Mark("x"), below=Mark("i")),
    VALUES: Scripts(Mark("f"), below=Mark("i")),
    KNOTS: Scripts(Mark("b"), below=Mark("i")),
}
_LETTERS = {
    "s": "s",
    "x": "x",
    "delta": "delta",
    "weights": "w",
    "biases": "b",
    "updated_weights": "w",
    "updated_biases": "b",
}
_DIFFERENTIATED = {
    "x_gradient": "x",
    "weights_gradient": "w",
    "biases_gradient": "b",
    "sample_weights_gradients": "w",
}


def symbol_of(
    place: Place,
    activation: str = "sigmoid",
    sample: int | None = None,
    index: tuple[int, ...] = (),
) -> Math:
    """The symbol of the quantity at `place`, or with `index` (from 0) of one number of it.

    `activation` is that of the layer, where σ′ needs a name.
    """
    if place in _FIXED:
        return _indexed(_FIXED[place], index)
    if place[0] == "lambdas":
        return Scripts(Mark("lambda"), below=Number(str(int(place[1]) + 1)))
    if place[0] != "layers":
        return loss_symbol(sample)
    number, name = int(place[1]) + 1, str(place[2])
    if name == "slope":
        return function_of(activation, _indexed(of_layer("s", number), index), slope=True)
    if name in _DIFFERENTIATED:
        letter = of_layer(_DIFFERENTIATED[name], number)
        return by(_indexed(letter, index), loss_symbol(sample))
    symbol = of_layer(_LETTERS[name], number)
    return _indexed(_new(symbol) if name.startswith("updated_") else symbol, index)


def _new(symbol: Scripts) -> Scripts:
    """The parameter after the update: w′^(2)."""
    return Scripts(symbol.base, above=row("prime", symbol.above or row()))


def _indexed(symbol: Math, index: tuple[int, ...]) -> Math:
    if not index:
        return symbol
    numbers = [Number(str(i + 1)) for i in index]
    return entry(symbol if isinstance(symbol, Scripts) else Scripts(symbol), *numbers)
