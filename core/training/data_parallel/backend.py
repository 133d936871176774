"""Training backend for batches that are cut into shards."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.training.compute.subsets import Part
from core.training.config import TrainingConfig
from core.training.data_parallel.shards import ShardEvaluator
from core.training.evaluation import Metrics, PartialMetrics, combine


@runtime_checkable
class ShardSource(Protocol):
    """All shards at the present parameters, each time in the order of the shards."""

    def gradients(self, iteration: int) -> Iterable[tuple[float, Float[Array, " p"]]]:
        """As `ShardEvaluator.gradient` gives them; each is used before the next is taken."""

    def sums(self, part: Part) -> Iterable[PartialMetrics]:
        """As `ShardEvaluator.sums` gives them."""


class SequentialShards:
    """A `ShardSource` of shards in this process."""

    def __init__(self, shards: ShardEvaluator, count: int) -> None:
        self._shards = shards
        self._numbers = range(count)

    def gradients(self, iteration: int) -> Iterable[tuple[float, Float[Array, " p"]]]:
        """See `ShardSource`."""
        return (self._shards.gradient(iteration, number) for number in self._numbers)

    def sums(self, part: Part) -> Iterable[PartialMetrics]:
        """See `ShardSource`."""
        return (self._shards.sums(part, number) for number in self._numbers)


class _ShardedEvaluator:
    """An `Evaluator` of the training or the validation samples."""

    is_single_block = False

    def __init__(self, source: ShardSource, part: Part) -> None:
        self._source = source
        self._part = part

    def measure(self) -> Metrics:
        return combine(self._source.sums(self._part))


class DataParallelBackend:
    """A `TrainingBackend`: sums are added in the order of the shards, not of arrival."""

    def __init__(
        self, specification: TrainingConfig, source: ShardSource, gradient: Float[Array, " p"]
    ) -> None:
        """`gradient` is the array that the optimizer's step reads."""
        self._source = source
        self._gradient = gradient
        self.training = _ShardedEvaluator(source, "training")
        self.validation = (
            _ShardedEvaluator(source, "validation") if specification.validation_fraction else None
        )

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool
    ) -> Float[Array, " made"]:
        """See `TrainingBackend`."""
        losses: list[float] = []
        for iteration in range(first, first + count):
            losses.append(self._add(iteration - 1))
            if not isfinite(losses[-1]):
                break
            step(iteration)
        return np.array(losses)

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
