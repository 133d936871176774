"""The step that computes δ^(l)."""

from collections.abc import Callable

from core.errors import Place
from core.solutions.calculation.quantity import TARGET, at
from core.solutions.derivation.output_gradient import difference
from core.solutions.derivation.page import (
    Page,
    as_array,
    number,
    plugged_in,
    sum_of_products,
    sum_over,
)
from core.solutions.derivation.symbols import by, loss_symbol, of_layer
from core.solutions.notation.tree import Fenced, Mark, Math, Scripts, row
from core.solutions.step import Sentence, Step


def delta_step(page: Page, layer: int) -> Step:
    """∂E/∂s^(l) by the product of the chain rule, or in its short form for matching losses."""
    inputs = page.worked.calculation[at(layer, "delta")].inputs
    write = _DELTAS[tuple(inputs)]
    return write(page, layer)


def _as_derivative(page: Page, layer: int) -> tuple[Math, ...]:
    """∂E/∂s^(l) =, which δ^(l) abbreviates; -∂E/∂s^(l) for δ with the sign of y - ŷ."""
    sign = (Mark("minus"),) if page.book.delta == "error" else ()
    return *sign, by(of_layer("s", layer + 1), loss_symbol(page.sample_name)), Mark("equals")


def _product(page: Page, layer: int) -> Step:
    gradient, slope = at(layer, "x_gradient"), at(layer, "slope")
    return page.step(
        at(layer, "delta"),
        row(*_as_derivative(page, layer), page.symbol(gradient), "hadamard", page.symbol(slope)),
        row(page.shown(gradient), "hadamard", plugged_in(page.printed(slope))),
        plugged=(gradient, slope),
        entry=lambda index: (
            row(page.symbol(gradient, *index), page.symbol(slope, *index)),
            sum_of_products([(page.printed(gradient)[index], page.printed(slope)[index])]),
        ),
    )


def _through_softmax(page: Page, layer: int) -> Step:
    """x_k (g_k - Σ_j g_j x_j), since every unit of softmax depends on every s."""
    gradient, output = at(layer, "x_gradient"), at(layer, "x")
    g, x = page.printed(gradient), page.printed(output)
    shared = sum_of_products(list(zip(g, x, strict=True)))
    transposed = Scripts(Fenced(page.symbol(gradient)), above=row("transposed"))
    shared_by_letters = row(transposed, page.symbol(output))
    if page.by_rows:
        column = Scripts(Fenced(page.symbol(output)), above=row("transposed"))
        shared_by_letters = row(page.symbol(gradient), column)
    inside = row(page.symbol(gradient), "minus", *shared_by_letters.items)
    formula = row(*_as_derivative(page, layer), page.symbol(output), "hadamard", Fenced(inside))
    numbers = row(as_array(x), "hadamard", Fenced(row(as_array(g), "minus", Fenced(shared))))
    return page.step(
        at(layer, "delta"),
        formula,
        numbers,
        plugged=(gradient, output),
        entry=lambda index: _softmax_entry(page, layer, *index),
        note=("Softmax couples its units; the number in the inner parentheses serves them all.",),
    )


def _softmax_entry(page: Page, layer: int, k: int) -> tuple[Math, ...]:
    gradient, output = at(layer, "x_gradient"), at(layer, "x")
    g, x = page.printed(gradient), page.printed(output)
    units = range(len(x))
    symbols = sum_over([(page.symbol(gradient, j), page.symbol(output, j)) for j in units])
    shared = sum_of_products(list(zip(g, x, strict=True)))
    by_letters = Fenced(row(page.symbol(gradient, k), "minus", Fenced(symbols)))
    by_numbers = Fenced(row(number(g[k]), "minus", Fenced(shared)))
    return (
        row(page.symbol(output, k), by_letters),
        row(number(x[k]), "times", by_numbers),
    )


def _partners(page: Page, layer: int) -> Step:
    output = at(layer, "x")
    minuend, subtrahend = (TARGET, output) if page.book.delta == "error" else (output, TARGET)
    x, y = page.printed(minuend), page.printed(subtrahend)
    formula, numbers = page.weighted(
        *difference(page.symbol(minuend), page.symbol(subtrahend), x, y)
    )
    return page.step(
        at(layer, "delta"),
        row(*_as_derivative(page, layer), formula),
        numbers,
        plugged=(output, TARGET, *page.given_weight),
        entry=lambda index: page.weighted(
            *difference(
                page.symbol(minuend, *index),
                page.symbol(subtrahend, *index),
                x[list(index)],
                y[list(index)],
            )
        ),
        note=_why_a_difference(page, output, page.activations[layer]),
    )


def _why_a_difference(page: Page, output: Place, activation: str) -> Sentence:
    if activation == "step":
        return ("The perceptron rule takes the difference, since a step has no slope.",)
    return (
        "For this loss and this activation the product of ",
        by(page.symbol(output), loss_symbol(page.sample_name)),
        " and the slope of the activation simplifies to a difference.",
    )


_DELTAS: dict[tuple[str, ...], Callable[[Page, int], Step]] = {
    ("x_gradient", "slope"): _product,
    ("x_gradient", "x"): _through_softmax,
    ("x", "y"): _partners,
    ("x", "y", "weight"): _partners,
}
