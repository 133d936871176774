"""The step that computes E, for each loss."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from core.arrays import Array
from core.solutions.calculation.quantity import LOSS, LOSSES, TARGET, at
from core.solutions.derivation.page import Page, factor, number
from core.solutions.derivation.symbols import entry, of_layer
from core.solutions.notation.tree import (
    Fenced,
    Fraction,
    Limits,
    Mark,
    Math,
    Row,
    Scripts,
    joined,
    row,
)
from core.solutions.step import Step

HALF = Fraction(row(1), row(2))


def loss_step(page: Page, loss: str) -> Step:
    """E of the page's sample, from x^(L) and y."""
    output = at(len(page.activations) - 1, "x")
    place = LOSSES if page.samples > 1 else LOSS
    x_k = entry(of_layer("x", len(page.activations)), Mark("k"))
    y_k = Scripts(Mark("y"), below=Mark("k"))
    s = at(len(page.activations) - 1, "s")
    if loss == "none":
        return page.step(place, x_k)
    read = (output, TARGET, s) if loss in _SUBSTITUTED_WITH_S else (output, TARGET)
    write = _SUBSTITUTED_WITH_S.get(loss) or _SUBSTITUTED[loss]
    formula, substituted = page.weighted(
        loss_formula(loss, x_k, y_k), write(*map(page.printed, read))
    )
    return page.step(place, formula, substituted, plugged=(*read, *page.given_weight))


def reduced_loss_step(page: Page, reduction: str) -> Step:
    """E as the mean or the sum of the samples' own E."""
    losses = page.worked.printed[LOSSES]
    terms = joined(map(number, losses), "plus")
    share, over = share_of_samples(page.samples, reduction)
    summed = row(
        Limits(Mark("sum"), row("n", "equals", 1), over), entry(Scripts(Mark("E")), Mark("n"))
    )
    formula = row(*share, summed)
    plugged = row(*share, Fenced(terms)) if share else terms
    step = page.step(LOSS, formula, plugged)
    return replace(step, plugged_exactly=page.carries_all_exactly(LOSSES))


def share_of_samples(samples: int, reduction: str) -> tuple[tuple[Math, ...], Math]:
    """1/N before a mean, nothing before a sum; and N."""
    share = (Fraction(row(1), row(samples)),) if reduction == "mean" else ()
    return share, row(samples)


def loss_formula(loss: str, output: Math, y: Math) -> Math:
    """E by ŷ_k and y_k, summed over k."""
    return _FORMULA[loss](row(Limits(Mark("sum"), Mark("k"))), output, y)


def _square_of(output: Math, y: Math) -> Math:
    return Scripts(Fenced(row(output, "minus", y)), above=row(2))


def _squared_formula(total: Row, output: Math, y: Math) -> Math:
    return row(HALF, total, _square_of(output, y))


def _squared_sum_formula(total: Row, output: Math, y: Math) -> Math:
    return row(total, _square_of(output, y))


def _mean_squared_formula(total: Row, output: Math, y: Math) -> Math:
    return row(Fraction(row(1), row("d")), total, _square_of(output, y))


def _binary_formula(total: Row, output: Math, y: Math) -> Math:
    first = row(y, "ln", output)
    second = row(Fenced(row(1, "minus", y)), "ln", Fenced(row(1, "minus", output)))
    return row("minus", total, Fenced(row(first, "plus", second)))


def _cross_entropy_formula(total: Row, output: Math, y: Math) -> Math:
    return row("minus", total, row(y, "ln", output))


def _perceptron_formula(total: Row, output: Math, y: Math) -> Math:
    s = Scripts(Mark("s"), below=Mark("k"))
    return row(total, Fenced(row(output, "minus", y)), s)


_FORMULA: dict[str, Callable[[Row, Math, Math], Math]] = {
    "squared": _squared_formula,
    "squared_sum": _squared_sum_formula,
    "mean_squared": _mean_squared_formula,
    "binary_cross_entropy": _binary_formula,
    "cross_entropy": _cross_entropy_formula,
    "none": lambda total, output, y: output,
    "perceptron": _perceptron_formula,
}


def _sum_of_squares(x: Array, y: Array) -> Math:
    terms = [
        Scripts(Fenced(row(number(one), "minus", factor(target))), above=row(2))
        for one, target in zip(x, y, strict=True)
    ]
    return joined(terms, "plus")


def _squares(x: Array, y: Array) -> Math:
    return row(HALF, Fenced(_sum_of_squares(x, y)))


def _mean_of_squares(x: Array, y: Array) -> Math:
    return row(Fraction(row(1), row(len(x))), Fenced(_sum_of_squares(x, y)))


def _logarithms(terms: Sequence[tuple[Decimal, Math]]) -> Math:
    """-(y ln …), leaving out terms with y = 0 and factors of 1."""
    written: list[Math] = [
        row(*(() if weight == 1 else (number(weight), "times")), "ln", argument)
        for weight, argument in terms
        if weight
    ]
    if len(written) == 1:
        return row("minus", written[0])
    return row("minus", Fenced(joined(written, "plus"))) if written else row(0)


def _binary_logarithms(x: Array, y: Array) -> Math:
    pairs = zip(x, y, strict=True)
    return _logarithms(
        [
            term
            for one, target in pairs
            for term in (
                (target, number(one)),
                (1 - target, Fenced(row(1, "minus", number(one)))),
            )
        ]
    )


def _cross_logarithms(x: Array, y: Array) -> Math:
    return _logarithms([(target, factor(one)) for one, target in zip(x, y, strict=True)])


def _criterion(x: Array, y: Array, s: Array) -> Math:
    terms = [
        row(Fenced(row(number(one), "minus", factor(target))), "times", factor(sum_))
        for one, target, sum_ in zip(x, y, s, strict=True)
    ]
    return joined(terms, "plus")


_SUBSTITUTED_WITH_S: dict[str, Callable[..., Math]] = {"perceptron": _criterion}
_SUBSTITUTED: dict[str, Callable[..., Math]] = {
    "squared": _squares,
    "squared_sum": _sum_of_squares,
    "mean_squared": _mean_of_squares,
    "binary_cross_entropy": _binary_logarithms,
    "cross_entropy": _cross_logarithms,
}
