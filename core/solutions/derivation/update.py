"""The steps after the last sample: means over samples, and the descent."""

from collections.abc import Iterator
from dataclasses import replace

from core.errors import Place
from core.solutions.calculation.quantity import ETA, at
from core.solutions.derivation.loss import share_of_samples
from core.solutions.derivation.page import (
    Page,
    factor,
    number,
    plugged_in,
    sum_of_products,
)
from core.solutions.derivation.symbols import E, by, of_layer
from core.solutions.derivation.symbols import entry as indexed_by
from core.solutions.notation.tree import Fenced, Limits, Mark, Math, Scripts, joined, row
from core.solutions.step import Step


def mean_steps(page: Page, reduction: str) -> Iterator[Step]:
    """∂E/∂w and ∂E/∂b of all samples together, layers from the top."""
    for layer in reversed(range(len(page.activations))):
        yield _over_samples(page, layer, "weights", reduction)
        yield _over_samples(page, layer, "biases", reduction)


def _over_samples(page: Page, layer: int, name: str, reduction: str) -> Step:
    letter, source = _SOURCES[name]
    of_sample = by(of_layer(letter, layer + 1), entry_of(Scripts(E), Mark("n")))
    share, over = share_of_samples(page.samples, reduction)
    total = Limits(Mark("sum"), row("n", "equals", 1), over)
    place = at(layer, source)
    of_samples = page.worked.printed[place]
    terms = joined((plugged_in(one) for one in of_samples), "plus")

    def entry(index: tuple[int, ...]) -> tuple[Math, ...]:
        parameter = entry_of(of_layer(letter, layer + 1), *page.ordered(*index))
        single = by(parameter, entry_of(Scripts(E), Mark("n")))
        numbers = sum_of_products([(one[index],) for one in of_samples])
        return row(*share, total, single), row(*share, Fenced(numbers)) if share else numbers

    step = page.step(
        at(layer, f"{name}_gradient"),
        row(*share, total, of_sample),
        row(*share, Fenced(terms)) if share else terms,
        entry=entry,
    )
    return replace(step, plugged_exactly=page.carries_all_exactly(place))


def entry_of(symbol: Scripts, *indices: int | Math) -> Scripts:
    """One number of a vector or matrix, by indices counted from 0 or by letters."""
    return indexed_by(symbol, *(row(i + 1) if isinstance(i, int) else i for i in indices))


_SOURCES = {"weights": ("w", "sample_weights_gradients"), "biases": ("b", "delta")}


def update_steps(page: Page) -> Iterator[Step]:
    """w′^(l) = w^(l) - η ∂E/∂w^(l), and the same for b^(l)."""
    for layer in range(len(page.activations)):
        for name in ("weights", "biases"):
            yield _update(page, at(layer, name), at(layer, f"{name}_gradient"), layer, name)


def _update(page: Page, parameter: Place, gradient: Place, layer: int, name: str) -> Step:
    eta = number(page.printed(ETA).item())
    return page.step(
        at(layer, f"updated_{name}"),
        row(page.symbol(parameter), "minus", "eta", page.symbol(gradient)),
        row(page.shown(parameter), "minus", eta, "times", plugged_in(page.printed(gradient))),
        plugged=(parameter, gradient, ETA),
        entry=lambda index: (
            row(page.symbol(parameter, *index), "minus", "eta", page.symbol(gradient, *index)),
            row(
                number(page.printed(parameter)[index]),
                "minus",
                eta,
                "times",
                factor(page.printed(gradient)[index]),
            ),
        ),
    )
