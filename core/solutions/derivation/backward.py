"""The steps of the backward pass: the chain rule, factor by factor."""

from core.errors import Place
from core.solutions.calculation.quantity import at, below
from core.solutions.derivation.activation_derivative import slope_step
from core.solutions.derivation.delta import delta_step
from core.solutions.derivation.output_gradient import output_gradient_step
from core.solutions.derivation.page import WIDEST_SUM, Page, sum_of_products, sum_over
from core.solutions.derivation.symbols import by, loss_symbol, of_layer
from core.solutions.notation.tree import Math, column, row
from core.solutions.step import Reference, Sentence, Step


def layer_steps(page: Page, layer: int, loss: str) -> list[Step]:
    """∂E/∂x^(l), σ′(s^(l)), δ^(l), and from it both gradients."""
    last = layer == len(page.activations) - 1
    steps = []
    if at(layer, "x_gradient") in page.worked.calculation:
        steps.append(output_gradient_step(page, loss) if last else _from_above(page, layer))
    if at(layer, "slope") in page.worked.calculation:
        steps.append(slope_step(page, layer))
    return [*steps, delta_step(page, layer), *_gradients(page, layer)]


def _reused(page: Page, place: Place) -> Sentence:
    return (page.symbol(place), " is reused from ", Reference(place, page.sample_name), ".")


def _from_above(page: Page, layer: int) -> Step:
    weights, delta = at(layer + 1, "weights"), at(layer + 1, "delta")
    w, d = page.printed(weights), page.printed(delta)
    transposed = of_layer("w", layer + 2, transposed=True)
    forms: list[Math] = [page.product(w.T, d)]
    if len(d) <= WIDEST_SUM:
        forms.append(column(sum_of_products(list(zip(into, d, strict=True))) for into in w.T))

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        (k,) = index
        products = [(page.symbol(weights, j, k), page.symbol(delta, j)) for j in range(len(d))]
        return sum_over(products), sum_of_products(list(zip(w[:, k], d, strict=True)))

    return page.step(
        at(layer, "x_gradient"),
        page.product_of_symbols(transposed, page.symbol(delta)),
        *forms,
        plugged=(weights, delta),
        note=_reused(page, delta),
        entry=entry,
    )


def _gradients(page: Page, layer: int) -> list[Step]:
    """∂E/∂w^(l) = δ^(l) x^(l-1)ᵀ and ∂E/∂b^(l) = δ^(l)."""
    delta, x_below = at(layer, "delta"), below(layer)
    transposed = of_layer("x", layer, transposed=True)
    several, reused = page.samples > 1, _reused(page, delta)
    name = "sample_weights_gradients" if several else "weights_gradient"
    of_bias = by(of_layer("b", layer + 1), loss_symbol(page.sample_name))
    also = (" It is ", of_bias, " as well.") if several else ()
    d, x = page.printed(delta), page.printed(x_below)

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        k, i = index
        symbols = row(page.symbol(delta, k), page.symbol(x_below, i))
        return symbols, sum_of_products([(d[k], x[i])])

    of_weights = page.step(
        at(layer, name),
        page.product_of_symbols(page.symbol(delta), transposed),
        page.product(d, x[None, :]),
        plugged=(delta, x_below),
        note=(*reused, *also),
        entry=entry,
    )
    if several:
        return [of_weights]
    return [
        of_weights,
        page.step(
            at(layer, "biases_gradient"),
            page.symbol(delta),
            note=reused,
            entry=lambda index: (page.symbol(delta, *index),),
        ),
    ]
