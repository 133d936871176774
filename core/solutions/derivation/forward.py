"""The steps of the forward pass."""

from collections.abc import Callable
from decimal import Decimal

from core.arrays import Array
from core.errors import Place
from core.solutions.calculation.quantity import at, below
from core.solutions.derivation.page import (
    WIDEST_SUM,
    Page,
    factor,
    number,
    plugged_in,
    sum_of_products,
    sum_over,
)
from core.solutions.derivation.symbols import function_of
from core.solutions.notation.tree import Fraction, Math, Scripts, column, joined, row
from core.solutions.step import Step


def layer_steps(page: Page, layer: int) -> list[Step]:
    """s^(l) = w^(l) x^(l-1) + b^(l) and x^(l) = σ(s^(l))."""
    return [_pre_activation(page, layer), _activation(page, layer)]


def _pre_activation(page: Page, layer: int) -> Step:
    weights, biases, x_below = at(layer, "weights"), at(layer, "biases"), below(layer)
    w, b, x = map(page.printed, (weights, biases, x_below))
    forms: list[Math] = [row(page.product(w, x), "plus", plugged_in(b))]
    if len(x) <= WIDEST_SUM:
        forms.append(
            column(
                sum_of_products([*zip(weights_of_unit, x, strict=True), (bias,)])
                for weights_of_unit, bias in zip(w, b, strict=True)
            )
        )
    weighed = page.product_of_symbols(page.symbol(weights), page.symbol(x_below))
    formula = row(*weighed.items, "plus", page.symbol(biases))

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        (k,) = index
        products = [(page.symbol(weights, k, i), page.symbol(x_below, i)) for i in range(len(x))]
        terms = [*zip(w[k], x, strict=True), (b[k],)]
        summed = row(sum_over(products), "plus", page.symbol(biases, k))
        return summed, sum_of_products(terms)

    return page.step(
        at(layer, "s"), formula, *forms, plugged=(weights, biases, x_below), entry=entry
    )


def _activation(page: Page, layer: int) -> Step:
    place, name = at(layer, "s"), page.activations[layer]
    plug_in, leak = _PLUGGED_IN[name], page.leak
    forms = (plug_in(page.printed(place), leak),) if plug_in else ()
    formula = function_of(name, page.symbol(place))

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        s, (k,) = page.printed(place), index
        if name == "softmax":
            return _softmax_of_unit(page, place, k)
        plugged = (plug_in(s[k : k + 1], leak),) if plug_in else ()
        return function_of(name, page.symbol(place, k)), *plugged

    return page.step(at(layer, "x"), formula, *forms, plugged=(place,), entry=entry)


def exponential(power: Decimal) -> Math:
    """The power e^number."""
    return Scripts(row("e"), above=number(power))


def _softmax_of_unit(page: Page, place: Place, k: int) -> tuple[Math, ...]:
    """The share of one power in the sum of all, by letters and by numbers."""
    s = page.printed(place)
    symbols = [Scripts(row("e"), above=page.symbol(place, j)) for j in range(len(s))]
    powers = [exponential(one) for one in s]
    return tuple(Fraction(one[k], joined(one, "plus")) for one in (symbols, powers))


def _of_each(write: Callable[[Decimal], Math]) -> Callable[[Array, Decimal], Math]:
    return lambda s, leak: column(map(write, s))


def _leaked(s: Array, leak: Decimal) -> Math:
    return column(number(one) if one > 0 else row(number(leak), "times", factor(one)) for one in s)


def _logistic(s: Decimal) -> Math:
    return Fraction(row(1), row(1, "plus", exponential(-s)))


def _softmax(s: Array, leak: Decimal) -> Math:
    powers = [exponential(one) for one in s]
    return row(Fraction(row(1), joined(powers, "plus")), column(powers))


_PLUGGED_IN: dict[str, Callable[[Array, Decimal], Math] | None] = {
    "sigmoid": _of_each(_logistic),
    "relu": _of_each(lambda s: row("max", "(", number(s), "comma", 0, ")")),
    "tanh": _of_each(lambda s: row("tanh", "(", number(s), ")")),
    "identity": None,
    "leaky_relu": _leaked,
    "softplus": _of_each(lambda s: row("ln", "(", 1, "plus", exponential(s), ")")),
    "softmax": _softmax,
    "step": _of_each(lambda s: row("[", number(s), "at_least", 0, "]")),
}
