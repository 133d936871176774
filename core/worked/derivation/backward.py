"""The steps of the backward pass: the chain rule, factor by factor."""

from collections.abc import Callable
from decimal import Decimal

from core.errors import Place
from core.worked.calculation.places import TARGET, at, below
from core.worked.derivation.loss import difference, output_gradient_step
from core.worked.derivation.page import (
    WIDEST_SUM,
    Page,
    as_array,
    factor,
    number,
    plugged_in,
    product,
    sum_of_products,
)
from core.worked.derivation.symbols import by, loss_symbol, of_layer
from core.worked.notation.tree import Fenced, Fraction, Mark, Math, Scripts, column, row
from core.worked.steps import Reference, Sentence, Step


def layer_steps(page: Page, layer: int, loss: str) -> list[Step]:
    """∂E/∂x^(l), σ′(s^(l)), δ^(l), and from it both gradients."""
    last = layer == len(page.activations) - 1
    steps = []
    if at(layer, "x_gradient") in page.worked.calculation:
        steps.append(output_gradient_step(page, loss) if last else _from_above(page, layer))
    if at(layer, "slope") in page.worked.calculation:
        steps.append(_slope(page, layer))
    return [*steps, _delta(page, layer, loss), *_gradients(page, layer)]


def _reused(page: Page, place: Place) -> Sentence:
    return (page.symbol(place), " is reused from ", Reference(place, page.sample_name), ".")


def _from_above(page: Page, layer: int) -> Step:
    weights, delta = at(layer + 1, "weights"), at(layer + 1, "delta")
    w, d = page.printed(weights), page.printed(delta)
    transposed = of_layer("w", layer + 2, transposed=True)
    forms: list[Math] = [product(w.T, d)]
    if len(d) <= WIDEST_SUM:
        forms.append(column(sum_of_products(list(zip(into, d, strict=True))) for into in w.T))
    return page.step(
        at(layer, "x_gradient"),
        row(transposed, page.symbol(delta)),
        *forms,
        plugged=(weights, delta),
        note=_reused(page, delta),
    )


def _slope(page: Page, layer: int) -> Step:
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


def _delta(page: Page, layer: int, loss: str) -> Step:
    inputs = page.worked.calculation[at(layer, "delta")].inputs
    write = _DELTAS[tuple(inputs)]
    return write(page, layer)


def _as_derivative(page: Page, layer: int) -> tuple[Math, ...]:
    """∂E/∂s^(l) =, which δ^(l) abbreviates."""
    return by(of_layer("s", layer + 1), loss_symbol(page.sample_name)), Mark("equals")


def _product(page: Page, layer: int) -> Step:
    gradient, slope = at(layer, "x_gradient"), at(layer, "slope")
    return page.step(
        at(layer, "delta"),
        row(*_as_derivative(page, layer), page.symbol(gradient), "hadamard", page.symbol(slope)),
        row(page.shown(gradient), "hadamard", plugged_in(page.printed(slope))),
        plugged=(gradient, slope),
    )


def _through_softmax(page: Page, layer: int) -> Step:
    """x_k (g_k - Σ_j g_j x_j), since every unit of softmax depends on every s."""
    gradient, output = at(layer, "x_gradient"), at(layer, "x")
    g, x = page.printed(gradient), page.printed(output)
    shared = sum_of_products(list(zip(g, x, strict=True)))
    transposed = Scripts(Fenced(page.symbol(gradient)), above=row("transposed"))
    inside = row(page.symbol(gradient), "minus", transposed, page.symbol(output))
    formula = row(*_as_derivative(page, layer), page.symbol(output), "hadamard", Fenced(inside))
    numbers = row(as_array(x), "hadamard", Fenced(row(as_array(g), "minus", Fenced(shared))))
    return page.step(
        at(layer, "delta"),
        formula,
        numbers,
        plugged=(gradient, output),
        note=("Softmax couples its units; the number in the inner parentheses serves them all.",),
    )


def _partners(page: Page, layer: int) -> Step:
    output = at(layer, "x")
    x, y = page.printed(output), page.printed(TARGET)
    formula, numbers = difference(page.symbol(output), page.symbol(TARGET), x, y)
    return page.step(
        at(layer, "delta"),
        row(*_as_derivative(page, layer), formula),
        numbers,
        plugged=(output, TARGET),
        note=(
            "For this loss and this activation the product of ",
            by(page.symbol(output), loss_symbol(page.sample_name)),
            " and the slope of the activation is the mere difference.",
        ),
    )


_DELTAS: dict[tuple[str, ...], Callable[[Page, int], Step]] = {
    ("x_gradient", "slope"): _product,
    ("x_gradient", "x"): _through_softmax,
    ("x", "y"): _partners,
}


def _gradients(page: Page, layer: int) -> list[Step]:
    """∂E/∂w^(l) = δ^(l) x^(l-1)ᵀ and ∂E/∂b^(l) = δ^(l)."""
    delta, x_below = at(layer, "delta"), below(layer)
    transposed = of_layer("x", layer, transposed=True)
    several, reused = page.samples > 1, _reused(page, delta)
    name = "sample_weights_gradients" if several else "weights_gradient"
    of_bias = by(of_layer("b", layer + 1), loss_symbol(page.sample_name))
    also = (" It is ", of_bias, " as well.") if several else ()
    of_weights = page.step(
        at(layer, name),
        row(page.symbol(delta), transposed),
        product(page.printed(delta), page.printed(x_below)[None, :]),
        plugged=(delta, x_below),
        note=(*reused, *also),
    )
    if several:
        return [of_weights]
    return [
        of_weights,
        page.step(at(layer, "biases_gradient"), page.symbol(delta), note=reused),
    ]
