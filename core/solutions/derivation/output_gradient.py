"""The step that computes ∂E/∂x^(L), for each loss."""

from collections.abc import Callable

from core.arrays import Array
from core.solutions.calculation.quantity import TARGET, at
from core.solutions.derivation.page import Page, as_array, number, plugged_in
from core.solutions.notation.tree import Fenced, Fraction, Math, column, row
from core.solutions.step import Step


def output_gradient_step(page: Page, loss: str) -> Step:
    """∂E/∂x^(L): the first factor of the chain rule."""
    layer = len(page.activations) - 1
    if loss == "none":
        return page.step(at(layer, "x_gradient"), row(1), entry=lambda index: (row(1),))
    output = at(layer, "x")
    x, y = page.printed(output), page.printed(TARGET)
    write = _turned(loss) if page.book.delta == "error" else _GRADIENT[loss]
    formula, plugged = page.weighted(*write(page.symbol(output), page.symbol(TARGET), x, y))

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        of_unit = list(index)
        symbols = page.symbol(output, *index), page.symbol(TARGET, *index)
        return page.weighted(*write(*symbols, x[of_unit], y[of_unit]))

    read = (output, TARGET, *page.given_weight)
    return page.step(at(layer, "x_gradient"), formula, plugged, plugged=read, entry=entry)


def difference(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
    """x^(L) - y, and with numbers."""
    return row(output, "minus", target), row(as_array(x), "minus", plugged_in(y))


def _twice_the_difference(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
    formula, numbers = difference(output, target, x, y)
    return row(2, Fenced(formula)), row(2, Fenced(numbers))


def _share_of_the_difference(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
    formula, numbers = difference(output, target, x, y)
    share = Fraction(row(2), row("d"))
    return row(share, Fenced(formula)), row(Fraction(row(2), row(len(x))), Fenced(numbers))


def _binary_gradient(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
    def quotients(x: Math, y: Math) -> Math:
        first = Fraction(row(1, "minus", y), row(1, "minus", x))
        return row(first, "minus", Fraction(y, x))

    numbers = column(
        quotients(number(one), number(target)) for one, target in zip(x, y, strict=True)
    )
    return quotients(output, target), numbers


def _cross_gradient(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
    numbers = column(
        row("minus", Fraction(number(target), number(one)))
        for one, target in zip(x, y, strict=True)
    )
    return row("minus", Fraction(target, output)), numbers


def _turned(loss: str) -> Callable[[Math, Math, Array, Array], tuple[Math, Math]]:
    """The same with the sign of y - x^(L)."""
    write = _GRADIENT[loss]
    if loss in _DIFFERENCES:
        return lambda output, target, x, y: write(target, output, y, x)

    def turned(output: Math, target: Math, x: Array, y: Array) -> tuple[Math, Math]:
        formula, numbers = write(output, target, x, y)
        return row("minus", Fenced(formula)), row("minus", Fenced(numbers))

    return turned


_DIFFERENCES = {"squared", "squared_sum", "mean_squared"}
"""Losses whose gradient changes its sign when output and target are exchanged."""
_GRADIENT: dict[str, Callable[[Math, Math, Array, Array], tuple[Math, Math]]] = {
    "squared": difference,
    "squared_sum": _twice_the_difference,
    "mean_squared": _share_of_the_difference,
    "binary_cross_entropy": _binary_gradient,
    "cross_entropy": _cross_gradient,
}
