"""Shards of the batches of a training."""

from typing import Literal

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.nn.metrics import class_labels
from core.training.backend import blocked_passes_factory
from core.training.compute.buffers import BufferPool
from core.training.compute.minibatches import MiniBatches, shard_bounds
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig
from core.training.evaluation import LocalEvaluator, PartialMetrics

Subset = Literal["training", "validation"]
"""The samples to train on, or those kept for validation."""


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
        training, validation = (
            SampleBuffer.of(x, y, rows, specification.dtype) for rows in specification.split(len(x))
        )
        last = specification.activation_functions[-1]
        self._samples: dict[Subset, SampleBuffer] = {"training": training, "validation": validation}
        self._labels = {name: class_labels(last, one.y.T) for name, one in self._samples.items()}
        if specification.label_smoothing:
            training.y[...] = specification.smooth_labels(training.y)
        self._evaluations: dict[tuple[Subset, int], LocalEvaluator] = {}
        self._batches = (
            None
            if specification.iterations_per_epoch(len(x)) == 1
            else MiniBatches(specification, training, self._make)
        )

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

    def sums(self, part: Subset, shard: int) -> PartialMetrics:
        """What a shard of that part contributes to its measure; a shard may be empty there."""
        start, stop = shard_bounds(len(self._samples[part]), self._count, shard)
        if start == stop:
            return PartialMetrics(0.0, None if self._labels[part] is None else 0, 0)
        with np.errstate(all="ignore"):
            return self._evaluation(part, shard).sums()

    def _evaluation(self, part: Subset, shard: int) -> LocalEvaluator:
        if (part, shard) not in self._evaluations:
            samples, right = self._samples[part], self._labels[part]
            start, stop = shard_bounds(len(samples), self._count, shard)
            self._evaluations[part, shard] = LocalEvaluator(
                self._make(samples.cut(start, stop), len(samples)),
                None if right is None else right[start:stop],
            )
        return self._evaluations[part, shard]


def _no_step(iteration: int) -> None:
    """Make no step: the caller takes the gradient."""
