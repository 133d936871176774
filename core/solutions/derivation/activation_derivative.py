"""The step that computes σ′(s^(l)), for each activation."""

from collections.abc import Callable
from decimal import Decimal

from core.solutions.calculation.quantity import at
from core.solutions.derivation.page import Page, factor, number
from core.solutions.notation.tree import Fraction, Math, Scripts, column, row
from core.solutions.step import Sentence, Step


def slope_step(page: Page, layer: int) -> Step:
    """The slope of the activation at s^(l), from the numbers by which it is computed."""
    name, leak = page.activations[layer], page.leak
    x, s = page.symbol(at(layer, "x")), page.symbol(at(layer, "s"))
    formula = _SLOPES[name](x, s, "hadamard", leak)

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        x_k, s_k = (page.symbol(at(layer, letter), *index) for letter in ("x", "s"))
        single = _SLOPES[name](x_k, s_k, "times", leak)
        plugged = (_SLOPE_NUMBERS | _CONDITIONS).get(name)
        if plugged is None:
            return (single,)
        return single, plugged[1](page.printed(at(layer, plugged[0]))[index], leak)

    if name not in _SLOPE_NUMBERS:
        note = _SLOPE_NOTES.get(name, ())
        return page.step(at(layer, "slope"), formula, note=note, entry=entry)
    read, write = _SLOPE_NUMBERS[name]
    numbers = column(write(one, leak) for one in page.printed(at(layer, read)))
    return page.step(at(layer, "slope"), formula, numbers, plugged=(at(layer, read),), entry=entry)


def _logistic(s: Math) -> Math:
    return Fraction(row(1), row(1, "plus", Scripts(row("e"), above=row("minus", s))))


_SLOPES: dict[str, Callable[[Math, Math, str, Decimal], Math]] = {
    "sigmoid": lambda x, s, dot, leak: row(x, dot, "(", 1, "minus", x, ")"),
    "tanh": lambda x, s, dot, leak: row(1, "minus", x, dot, x),
    "relu": lambda x, s, dot, leak: row("[", s, "greater", 0, "]"),
    "leaky_relu": lambda x, s, dot, leak: row(
        "[", s, "greater", 0, "]", "plus", number(leak), "[", s, "at_most", 0, "]"
    ),
    "identity": lambda x, s, dot, leak: row(1),
    "softplus": lambda x, s, dot, leak: _logistic(s),
}
_SLOPE_NOTES: dict[str, Sentence] = {
    "relu": (row("[", "s", "greater", 0, "]"), " is 1 where the condition holds and 0 elsewhere."),
}
_SLOPE_NOTES["leaky_relu"] = _SLOPE_NOTES["relu"]
_SLOPE_NUMBERS: dict[str, tuple[str, Callable[[Decimal, Decimal], Math]]] = {
    "sigmoid": ("x", lambda x, leak: row(number(x), "times", "(", 1, "minus", number(x), ")")),
    "tanh": ("x", lambda x, leak: row(1, "minus", Scripts(factor(x), above=row(2)))),
    "softplus": ("s", lambda s, leak: _logistic(factor(s))),
}
_CONDITIONS: dict[str, tuple[str, Callable[[Decimal, Decimal], Math]]] = {
    "relu": ("s", lambda s, leak: row("[", number(s), "greater", 0, "]")),
    "leaky_relu": ("s", lambda s, leak: number(Decimal(1) if s > 0 else leak)),
}
"""What a condition becomes for a single number."""
