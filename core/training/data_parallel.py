"""The arithmetic of a training whose batches are cut into shards, wherever they are computed."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.training.config import Specification
from core.training.evaluation import Measure, Sums, measure_of
from core.training.shards import Part, Shards


@runtime_checkable
class Source(Protocol):
    """All shards at the present parameters, each time in the order of the shards."""

    def gradients(self, iteration: int) -> Iterable[tuple[float, Float[Array, " p"]]]:
        """As `Shards.gradient` gives them; each is used before the next is taken."""

    def sums(self, part: Part) -> Iterable[Sums]:
        """As `Shards.sums` gives them."""


class OneAfterTheOther:
    """The `Source` that asks its shards here."""

    def __init__(self, shards: Shards, count: int) -> None:
        self._shards = shards
        self._numbers = range(count)

    def gradients(self, iteration: int) -> Iterable[tuple[float, Float[Array, " p"]]]:
        """See `Source`."""
        return (self._shards.gradient(iteration, number) for number in self._numbers)

    def sums(self, part: Part) -> Iterable[Sums]:
        """See `Source`."""
        return (self._shards.sums(part, number) for number in self._numbers)


class _Look:
    """A `Looks` at one of the two parts."""

    is_whole = False

    def __init__(self, source: Source, part: Part) -> None:
        self._source = source
        self._part = part

    def measure(self) -> Measure:
        return measure_of(self._source.sums(self._part))


class ShardedBatches:
    """An `Arithmetic`: sums are added in the order of the shards, whoever was faster."""

    def __init__(
        self, specification: Specification, source: Source, gradient: Float[Array, " p"]
    ) -> None:
        """`gradient` is a view, where the step looks for it."""
        self._source = source
        self._gradient = gradient
        self.training = _Look(source, "training")
        self.validation = _Look(source, "validation") if specification.validation_fraction else None

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, ascended: bool
    ) -> list[float]:
        """See `Arithmetic`."""
        losses: list[float] = []
        for iteration in range(first, first + count):
            losses.append(self._add(iteration - 1))
            if not isfinite(losses[-1]):
                break
            step(iteration)
        return losses

    def _add(self, iteration: int) -> float:
        """Leave the batch's gradient in its place, and give its mean E."""
        total = 0.0
        for number, (loss, gradient) in enumerate(self._source.gradients(iteration)):
            if number:
                np.add(self._gradient, gradient, self._gradient)
            else:
                self._gradient[...] = gradient
            total += loss
        return total
