"""Steps as books with other conventions write them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext

from core.errors import Place
from core.solutions.calculation.functions import each
from core.solutions.calculation.quantity import ETA, LOSS, at
from core.solutions.derivation.page import (
    Page,
    as_array,
    factor,
    number,
    plugged_in,
    sum_of_products,
)
from core.solutions.derivation.symbols import by, entry, of_layer
from core.solutions.notation.tree import Fenced, Fraction, Limits, Mark, Math, Scripts, row
from core.solutions.rounding import EXACT
from core.solutions.step import Sentence, Step

Index = tuple[int, ...] | None
"""Of one number of a quantity; None for the whole of it."""
Rewriting = Callable[[Math, Index], Math]


def convention_sentences(page: Page) -> list[Sentence]:
    """What is written otherwise than usual, where conventions were declared."""
    book, sentences = page.book, list[Sentence]()
    if book.delta == "error":
        turned = row("delta", "equals", "minus", by(Mark("s")))
        sentences.append(("Here ", turned, ", with the sign of the target minus the output."))
    if book.update == "step" and ETA in page.worked.calculation.given:
        sentences.append(("The update is written as the step that is added to a parameter.",))
    if book.shared_bias:
        sentences.append(("All units of a layer share one bias.",))
    if book.l2:
        penalty = row("lambda", "equals", number(Decimal(str(book.l2))))
        sentences.append(("Large weights are penalised, with ", penalty, "."))
    return sentences


def by_convention(page: Page, step: Step) -> Step:
    """The step with what the page's conventions change of its formula and its numbers."""
    book, name = page.book, str(step.place[-1])
    if book.update == "step" and name.startswith("updated_"):
        return _as_increment(page, step, name.removeprefix("updated_"))
    if name == "biases_gradient" and book.shared_bias:
        step = _summed_over_units(page, step)
    reads_delta = "delta" in page.worked.calculation[step.place].inputs
    if book.delta == "error" and reads_delta and name != "x_gradient":
        step = _turned(page, step)
    if book.l2 and step.place == LOSS:
        return _penalised_loss(page, step)
    if book.l2 and name == "weights_gradient":
        return _penalised_gradient(page, step)
    return step


def _rewritten(step: Step, formula: Rewriting, numbers: Rewriting) -> Step:
    forms = step.entry

    def of_number(index: tuple[int, ...]) -> tuple[Math, ...]:
        symbol, first, *others = forms(index) if forms else ()
        return symbol, formula(first, index), *(numbers(one, index) for one in others)

    return replace(
        step,
        formula=formula(step.formula, None),
        substituted=tuple(numbers(one, None) for one in step.substituted),
        entry=of_number if forms else None,
    )


def _turned(page: Page, step: Step) -> Step:
    """A gradient from δ with the sign of y - ŷ."""

    def negative(form: Math, index: Index) -> Math:
        return row("minus", Fenced(form))

    # Of several samples the formula of ∂E/∂b has their gradients in it, and δ in its numbers only.
    of_samples = page.samples > 1 and step.place[-1] == "biases_gradient"
    return _rewritten(step, (lambda form, index: form) if of_samples else negative, negative)


def _summed_over_units(page: Page, step: Step) -> Step:
    """∂E/∂b as the sum of δ over the units that share b."""
    layer = int(step.place[1])
    delta = entry(of_layer("delta", layer + 1), Mark("k"))
    over_units = row(Limits(Mark("sum"), Mark("k")), delta)
    if page.samples > 1:
        over_samples = Limits(Mark("sum"), Mark("n"))
        share = Fraction(row(1), row(page.samples))
        mean = page.worked.calculation[step.place].function == "mean"
        formula = row(*((share,) if mean else ()), over_samples, over_units)
        return replace(
            step,
            formula=formula,
            substituted=(),
            entry=lambda index: (page.symbol(step.place, *index), formula),
        )
    numbers = sum_of_products([(one,) for one in page.printed(at(layer, "delta"))])
    exactly = page.carries_exactly(at(layer, "delta"))
    return replace(
        step,
        formula=over_units,
        substituted=(numbers,),
        plugged_exactly=exactly,
        entry=lambda index: (page.symbol(step.place, *index), over_units, numbers),
    )


def _as_increment(page: Page, step: Step, name: str) -> Step:
    """Δw = -η ∂E/∂w."""
    gradient: Place = at(int(step.place[1]), f"{name}_gradient")
    eta, values = number(page.printed(ETA).item()), page.printed(gradient)

    def formula(form: Math, index: Index) -> Math:
        return row("minus", "eta", page.symbol(gradient, *(index or ())))

    def numbers(form: Math, index: Index) -> Math:
        plugged = plugged_in(values) if index is None else factor(values[index])
        return row("minus", eta, "times", plugged)

    return _rewritten(step, formula, numbers)


def _samples(page: Page) -> int:
    """The N of the penalty."""
    return page.samples if page.worked.calculation[LOSS].function == "mean" else 1


def _share(page: Page, divisor: int) -> tuple[Math, Math]:
    """λ / divisor, by letters and by numbers."""
    penalty: Math = number(Decimal(str(page.book.l2)))
    if divisor == 1:
        return row("lambda"), penalty
    return Fraction(row("lambda"), row(divisor)), Fraction(row(penalty), row(divisor))


def _penalised_loss(page: Page, step: Step) -> Step:
    """E + λ/(2N) Σ w²."""
    share, plugged = _share(page, 2 * _samples(page))
    places = [at(layer, "weights") for layer in range(len(page.activations))]
    with localcontext(EXACT):
        squares = sum(
            (each(lambda w: w * w, page.worked.carried[place]).sum() for place in places),
            Decimal(0),
        )
    shown = page.worked.rounding.rounded(squares)
    over_weights = row(Limits(Mark("sum"), Mark("w")), Scripts(Mark("w"), above=row(2)))
    return replace(
        _rewritten(
            step,
            lambda form, index: row(form, "plus", share, over_weights),
            lambda form, index: row(form, "plus", plugged, "times", factor(shown)),
        ),
        plugged_exactly=step.plugged_exactly and shown == squares,
    )


def _penalised_gradient(page: Page, step: Step) -> Step:
    """∂E/∂w + λ/N w."""
    share, plugged = _share(page, _samples(page))
    weights = at(int(step.place[1]), "weights")
    values = page.printed(weights)

    def formula(form: Math, index: Index) -> Math:
        return row(form, "plus", share, page.symbol(weights, *(index or ())))

    def numbers(form: Math, index: Index) -> Math:
        weight = as_array(values) if index is None else factor(values[index])
        return row(form, "plus", plugged, "times", weight)

    return _rewritten(step, formula, numbers)
