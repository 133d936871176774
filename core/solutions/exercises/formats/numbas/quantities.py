"""The formula of every number of a sheet, from the numbers that were written down before it.

They are written a second time here since the marker of Numbas evaluates them; the tests compare the
marks of both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.arrays import Array
from core.conventions import Conventions
from core.errors import Place
from core.solutions.calculation.activations import LEAK
from core.solutions.calculation.evaluation import WorkedOut
from core.solutions.calculation.quantity import ETA, TARGET, at, below
from core.solutions.calculation.relu_system import FUNCTION, GRID, INTERVAL, SPACING
from core.solutions.derivation.page import Page
from core.solutions.exercises.formats.numbas.bounds import (
    Bounds,
    at_points,
    known,
    total,
    written,
)
from core.solutions.rounding import Rounding, plain

Formula = Callable[["SheetNumbers", Place, tuple[int, ...]], Bounds]


@dataclass(frozen=True)
class SheetNumbers:
    """The given numbers of a sheet, and the names of the others."""

    page: Page
    loss: str

    @property
    def worked(self) -> WorkedOut:
        """The numbers of the sheet."""
        return self.page.worked

    @property
    def book(self) -> Conventions:
        """The conventions of the sheet."""
        return self.worked.calculation.conventions

    @property
    def turn(self) -> Bounds:
        """1, or -1 where δ has the sign of y - ŷ."""
        return known("-1" if self.book.delta == "error" else "1")

    @property
    def last(self) -> int:
        """The number of the output layer, from 0."""
        return len(self.page.activations) - 1

    def given(self, place: Place) -> Array:
        """The numbers of a given quantity."""
        return self.page.printed(place)

    def size(self, place: Place) -> int:
        """How many numbers a vector has."""
        return len(self.page.printed(place))

    def noted(self, bounds: Bounds) -> Bounds:
        """An intermediate result, rounded where every result is."""
        rounding = self.worked.rounding
        return bounds.rising(lambda one: rounded(rounding, one)) if rounding.each_step else bounds

    def number(self, place: Place, *index: int) -> Bounds:
        """One number, given or written down."""
        if place in self.worked.calculation.given:
            return known(plain(self.given(place)[index]))
        return written(variable(place, index))


def rounded(rounding: Rounding, number: str) -> str:
    """The expression that rounds a number as the sheet asks."""
    function = "precround" if rounding.kind == "decimals" else "siground"
    return f"{function}({number}, {rounding.digits})"


def variable(place: Place, index: tuple[int, ...]) -> str:
    """The name of a number, as `Answer.name`."""
    return "_".join(map(str, (*place, *index)))


def bounds_of(numbers: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    """Between which values a number lies, given what was written down before it."""
    word = next(part for part in reversed(place) if isinstance(part, str))
    return _FORMULAS[word](numbers, place, index)


def _pre_activation(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    layer, (k,) = int(place[1]), index
    inputs = range(n.size(below(layer)))
    products = [n.number(at(layer, "weights"), k, i) * n.number(below(layer), i) for i in inputs]
    return total([*products, n.number(at(layer, "biases"), k)])


def _activation(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    layer, (k,) = int(place[1]), index
    name, s = n.page.activations[layer], at(layer, "s")
    if name == "softmax":
        differences = [n.number(s, j) - n.number(s, k) for j in range(n.size(s)) if j != k]
        powers = [one.rising(lambda d: f"exp({d})") for one in differences]
        return total([known("1"), *powers]).falling(lambda sum_: f"1 / {sum_}")
    return n.number(s, k).rising(_of_leak(_ACTIVATIONS[name], n))


def _loss(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    x, y = at(n.last, "x"), n.given(TARGET)
    terms = [_LOSSES[n.loss](n.number(x, k), y[k], len(y)) for k in range(len(y))]
    if n.book.l2:
        weights = [n.given(at(layer, "weights")) for layer in range(n.last + 1)]
        squares = sum((one**2 for numbers in weights for one in numbers.ravel()), Decimal(0))
        terms.append(known(f"{n.book.l2!r} / 2 * {plain(squares)}"))
    return total(terms)


def _square(factor: str) -> Callable[[Bounds, Decimal, int], Bounds]:
    def term(x: Bounds, y: Decimal, count: int) -> Bounds:
        difference = x - known(plain(y))
        return known(factor.format(count)) * difference * difference

    return term


def _logarithms(x: Bounds, y: Decimal, count: int) -> Bounds:
    first = known(plain(-y)) * x.rising(lambda one: f"ln(max({one}, 10^-300))")
    rest = (known("1") - x).rising(lambda one: f"ln(max({one}, 10^-300))")
    return (first if y else known("0")) + (known(plain(y - 1)) * rest if y != 1 else known("0"))


def _logarithm(x: Bounds, y: Decimal, count: int) -> Bounds:
    return known(plain(-y)) * x.rising(lambda one: f"ln(max({one}, 10^-300))") if y else known("0")


def _delta(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    layer, (k,) = int(place[1]), index
    name, x = n.page.activations[layer], at(layer, "x")
    roles = tuple(n.worked.calculation[place].inputs)
    if roles == ("x", "y"):
        return n.turn * (n.number(x, k) - known(plain(n.given(TARGET)[k])))
    if layer < n.last:
        above = at(layer + 1, "delta")
        weights = at(layer + 1, "weights")
        units = range(n.size(above))
        gradient = total([n.number(weights, j, k) * n.number(above, j) for j in units])
        return n.noted(gradient) * n.noted(_slope(n, name, layer, k))
    if roles == ("x_gradient", "x"):
        gradients = [n.noted(_gradient(n, j)) for j in range(n.size(x))]
        shared = total([one * n.number(x, j) for j, one in enumerate(gradients)])
        return n.number(x, k) * (gradients[k] - shared)
    if name in _SLOPES_BY_X and not n.worked.rounding.each_step:
        factor, target = f"{n.turn.low} * {_factor(n)}", plain(n.given(TARGET)[k])
        slope = _SLOPES_BY_X[name]
        return at_points(
            variable(x, (k,)), lambda one: f"{factor} * ({one} - ({target})) * {slope(one)}"
        )
    return n.noted(_gradient(n, k)) * n.noted(_slope(n, name, layer, k))


def _gradient(n: SheetNumbers, k: int) -> Bounds:
    """∂E/∂x of an output, for the losses made of squares."""
    difference = n.number(at(n.last, "x"), k) - known(plain(n.given(TARGET)[k]))
    return n.turn * known(_factor(n)) * difference


def _factor(n: SheetNumbers) -> str:
    return _SQUARE_FACTORS[n.loss].format(len(n.given(TARGET)))


def _of_leak(function: Callable[[str], str], n: SheetNumbers) -> Callable[[str], str]:
    """The function with the slope that the sheet gives the leaky ReLU below 0."""
    if n.book.leak is None:
        return function
    return lambda s: function(s).replace(str(LEAK), repr(n.book.leak))


def _slope(n: SheetNumbers, name: str, layer: int, k: int) -> Bounds:
    if name in _SLOPES_BY_X:
        return at_points(variable(at(layer, "x"), (k,)), _SLOPES_BY_X[name])
    return written(variable(at(layer, "s"), (k,))).rising(_of_leak(_SLOPES_BY_S[name], n))


def _weights_gradient(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    layer, (k, i) = int(place[1]), index
    gradient = n.turn * n.number(at(layer, "delta"), k) * n.number(below(layer), i)
    if not n.book.l2:
        return gradient
    return gradient + known(repr(n.book.l2)) * n.number(at(layer, "weights"), k, i)


def _biases_gradient(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    delta = at(int(place[1]), "delta")
    if n.book.shared_bias:
        return n.turn * total([n.number(delta, k) for k in range(n.size(delta))])
    return n.turn * n.number(delta, *index)


def _updated(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    layer, name = int(place[1]), str(place[2]).removeprefix("updated_")
    eta = known(plain(n.given(ETA).item()))
    step = eta * n.number(at(layer, f"{name}_gradient"), *index)
    start = known("0") if n.book.update == "step" else n.number(at(layer, name), *index)
    return start - step


def _spacing(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    a, b = _interval(n)
    return (b - a) / known(str(n.size(FUNCTION) - 1))


def _grid(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    a, _ = _interval(n)
    return a + known(str(index[0])) * n.number(SPACING)


def _knots(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    a, _ = _interval(n)
    return n.number(GRID, index[0] - 1) if index[0] else a - n.number(SPACING)


def _lambda(n: SheetNumbers, place: Place, index: tuple[int, ...]) -> Bounds:
    row = int(place[1])
    rest = n.number(FUNCTION, row)
    for j in range(row):
        rest = rest - known(str(row - j + 1)) * n.number(SPACING) * n.number(("lambdas", j))
    return rest / n.number(SPACING)


def _interval(n: SheetNumbers) -> Iterator[Bounds]:
    return (known(plain(end)) for end in n.given(INTERVAL))


_ACTIVATIONS: dict[str, Callable[[str], str]] = {
    "sigmoid": lambda s: f"(1 / (1 + exp(-{s})))",
    "tanh": lambda s: f"tanh({s})",
    "relu": lambda s: f"max({s}, 0)",
    "leaky_relu": lambda s: f"max({s}, {LEAK} * {s})",
    "identity": lambda s: s,
    "softplus": lambda s: f"ln(1 + exp({s}))",
}
_SLOPES_BY_X: dict[str, Callable[[str], str]] = {
    "sigmoid": lambda x: f"({x} * (1 - {x}))",
    "tanh": lambda x: f"(1 - {x} * {x})",
}
_SLOPES_BY_S: dict[str, Callable[[str], str]] = {
    "relu": lambda s: f"if({s} > 0, 1, 0)",
    "leaky_relu": lambda s: f"if({s} > 0, 1, {LEAK})",
    "identity": lambda s: "1",
    "softplus": lambda s: f"(1 / (1 + exp(-{s})))",
}
_SQUARE_FACTORS = {"squared": "1", "squared_sum": "2", "mean_squared": "(2 / {})"}
"""∂E/∂x divided by x - y."""
_LOSSES: dict[str, Callable[[Bounds, Decimal, int], Bounds]] = {
    "squared": _square("0.5"),
    "squared_sum": _square("1"),
    "mean_squared": _square("1 / {}"),
    "binary_cross_entropy": _logarithms,
    "cross_entropy": _logarithm,
}
_FORMULAS: dict[str, Formula] = {
    "s": _pre_activation,
    "x": _activation,
    "loss": _loss,
    "delta": _delta,
    "weights_gradient": _weights_gradient,
    "biases_gradient": _biases_gradient,
    "updated_weights": _updated,
    "updated_biases": _updated,
    "spacing": _spacing,
    "grid": _grid,
    "knots": _knots,
    "lambdas": _lambda,
}
"""By the name of the quantity."""
