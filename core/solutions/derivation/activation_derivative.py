"""The step that computes σ′(s^(l)), for each activation."""

from collections.abc import Callable
from decimal import Decimal

from core.solutions.calculation.quantity import at
from core.solutions.derivation.page import Page, factor, number
from core.solutions.notation.tree import Fraction, Math, Scripts, column, row
from core.solutions.step import Sentence, Step


def slope_step(page: Page, layer: int) -> Step:
    """The slope of the activation at s^(l), from the numbers by which it is computed."""
    name = page.activations[layer]
    x, s = page.symbol(at(layer, "x")), page.symbol(at(layer, "s"))
    formula = _SLOPES[name](x, s)
    if name not in _SLOPE_NUMBERS:
        return page.step(at(layer, "slope"), formula, note=_SLOPE_NOTES.get(name, ()))
    read, write = _SLOPE_NUMBERS[name]
    numbers = column(map(write, page.printed(at(layer, read))))
    return page.step(at(layer, "slope"), formula, numbers, plugged=(at(layer, read),))


def _logistic(s: Math) -> Math:
    return Fraction(row(1), row(1, "plus", Scripts(row("e"), above=row("minus", s))))


_SLOPES: dict[str, Callable[[Math, Math], Math]] = {
    "sigmoid": lambda x, s: row(x, "hadamard", "(", 1, "minus", x, ")"),
    "tanh": lambda x, s: row(1, "minus", x, "hadamard", x),
    "relu": lambda x, s: row("[", s, "greater", 0, "]"),
    "leaky_relu": lambda x, s: row(
        "[", s, "greater", 0, "]", "plus", number(Decimal("0.01")), "[", s, "at_most", 0, "]"
    ),
    "identity": lambda x, s: row(1),
    "softplus": lambda x, s: _logistic(s),
}
_SLOPE_NOTES: dict[str, Sentence] = {
    "relu": (row("[", "s", "greater", 0, "]"), " is 1 where the condition holds and 0 elsewhere."),
}
_SLOPE_NOTES["leaky_relu"] = _SLOPE_NOTES["relu"]
_SLOPE_NUMBERS: dict[str, tuple[str, Callable[[Decimal], Math]]] = {
    "sigmoid": ("x", lambda x: row(number(x), "times", "(", 1, "minus", number(x), ")")),
    "tanh": ("x", lambda x: row(1, "minus", Scripts(factor(x), above=row(2)))),
    "softplus": ("s", lambda s: _logistic(factor(s))),
}
