"""Shards of the batches of a training."""

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.training.backend import blocked_passes_factory
from core.training.compute.buffers import BufferPool
from core.training.compute.minibatches import minibatches_of, shard_bounds
from core.training.compute.subsets import Part, training_subsets
from core.training.config import TrainingConfig
from core.training.evaluation import LocalEvaluator, PartialMetrics


class ShardEvaluator:
    """Loss and gradient of any shard of any iteration, in any order."""

    def __init__(
        self,
        specification: TrainingConfig,
        x: Float[Array, "samples d_x"],
        y: Float[Array, "samples d_y"],
        parameters: Float[Array, " p"],
    ) -> None:
        """Copies of x and y; a view of the parameters, which may change in between."""
        self._count = specification.data_parallel or 1
        self._gradient = np.empty_like(parameters)
        pool = BufferPool(specification.sizes, self._gradient)
        self._make = blocked_passes_factory(specification, parameters, self._gradient, pool)
        self._subsets = training_subsets(specification, x, y)
        self._evaluations: dict[tuple[Part, int], LocalEvaluator] = {}
        training = self._subsets["training"].samples
        self._batches = minibatches_of(specification, len(x), training, self._make)

    def gradient(self, iteration: int, shard: int) -> tuple[float, Float[Array, " p"]]:
        """What a shard contributes to mean E and gradient of that iteration's batch; from 0 both.

        The gradient is valid until the next call.
        """
        workspace = (
            self._evaluation("training", shard).workspace
            if self._batches is None
            else self._batches.batch(iteration, shard, self._count)
        )
        with np.errstate(all="ignore"):
            (loss,) = workspace.iterate(_no_step, iteration + 1, 1)
        return loss, self._gradient

    def sums(self, part: Part, shard: int) -> PartialMetrics:
        """What a shard of that part contributes to its measure; a shard may be empty there."""
        subset = self._subsets[part]
        start, stop = shard_bounds(len(subset.samples), self._count, shard)
        if start == stop:
            return PartialMetrics(0.0, None if subset.labels is None else 0, 0)
        with np.errstate(all="ignore"):
            return self._evaluation(part, shard).sums()

    def _evaluation(self, part: Part, shard: int) -> LocalEvaluator:
        if (part, shard) not in self._evaluations:
            whole = len(self._subsets[part].samples)
            samples, labels = self._subsets[part].cut(*shard_bounds(whole, self._count, shard))
            self._evaluations[part, shard] = LocalEvaluator(self._make(samples, whole), labels)
        return self._evaluations[part, shard]


def _no_step(iteration: int) -> None:
    """Make no step: the caller takes the gradient."""
