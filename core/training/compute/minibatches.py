"""Mini-batches: which samples an iteration is made on, a function of seed and iteration alone."""

from collections.abc import Callable

import numpy as np

from core.training.compute.blocked_passes import BlockedPasses
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig


class MiniBatches:
    """The training samples in an order of their own in each epoch, cut into batches."""

    def __init__(
        self,
        specification: TrainingConfig,
        samples: SampleBuffer,
        workspace_for: Callable[[SampleBuffer, int], BlockedPasses],
    ) -> None:
        """The last batch of an epoch is smaller where the size does not divide the samples."""
        self._specification = specification
        self._samples = samples
        self._size = specification.batch_size or len(samples)
        self._workspace_for = workspace_for
        self._workspaces: dict[tuple[int, int], BlockedPasses] = {}
        self._epoch = -1
        self._order = np.arange(len(samples))

    def batch(self, iteration: int, shard: int = 0, shards: int = 1) -> BlockedPasses:
        """The workspace with that shard of the batch of that iteration, both from 0.

        Valid until the next call; its means are over the whole batch.
        """
        epoch, number = divmod(iteration, -(-len(self._samples) // self._size))
        if epoch != self._epoch:
            rows = np.arange(len(self._samples))
            self._epoch, self._order = epoch, self._specification.epoch_rows(rows, epoch)
        batch = self._order[number * self._size : (number + 1) * self._size]
        rows = batch if shards == 1 else batch[slice(*shard_bounds(len(batch), shards, shard))]
        workspace = self._workspace(len(rows), len(batch))
        self._samples.gather(rows, workspace.samples)
        workspace.targets_changed()
        return workspace

    def _workspace(self, samples: int, whole: int) -> BlockedPasses:
        known = self._workspaces.get((samples, whole))
        if known is None:
            known = self._workspace_for(self._samples.empty_like(samples), whole)
            self._workspaces[samples, whole] = known
        return known


def minibatches_of(
    specification: TrainingConfig,
    count: int,
    training: SampleBuffer,
    workspace_for: Callable[[SampleBuffer, int], BlockedPasses],
) -> MiniBatches | None:
    """The mini-batches of a training on `count` samples; None where the batch is all of them."""
    if specification.iterations_per_epoch(count) == 1:
        return None
    return MiniBatches(specification, training, workspace_for)


def shard_bounds(samples: int, shards: int, shard: int) -> tuple[int, int]:
    """Start and stop of a shard of `samples` samples, as `np.array_split` cuts them."""
    least, longer = divmod(samples, shards)
    start = shard * least + min(shard, longer)
    return start, start + least + (shard < longer)
