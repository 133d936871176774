"""Mini-batches: which samples an iteration is made on, a function of seed and iteration alone."""

from collections.abc import Callable

import numpy as np

from core.training.compute.blocked_passes import Workspace
from core.training.compute.samples import Samples
from core.training.config import Specification


class Batches:
    """The training samples in an order of their own in each epoch, cut into batches."""

    def __init__(
        self,
        specification: Specification,
        samples: Samples,
        workspace_for: Callable[[Samples, int], Workspace],
    ) -> None:
        """The last batch of an epoch is smaller where the size does not divide the samples."""
        self._specification = specification
        self._samples = samples
        self._size = specification.batch_size or len(samples)
        self._workspace_for = workspace_for
        self._workspaces: dict[tuple[int, int], Workspace] = {}
        self._epoch = -1
        self._order = np.arange(len(samples))

    def of(self, iteration: int, shard: int = 0, shards: int = 1) -> Workspace:
        """The workspace with that shard of the batch of that iteration, both from 0.

        It holds until the next is asked for; its means are over the whole batch.
        """
        epoch, number = divmod(iteration, -(-len(self._samples) // self._size))
        if epoch != self._epoch:
            rows = np.arange(len(self._samples))
            self._epoch, self._order = epoch, self._specification.epoch_rows(rows, epoch)
        batch = self._order[number * self._size : (number + 1) * self._size]
        rows = batch if shards == 1 else batch[slice(*bounds(len(batch), shards, shard))]
        workspace = self._workspace(len(rows), len(batch))
        self._samples.gather(rows, workspace.samples)
        workspace.refresh()
        return workspace

    def _workspace(self, samples: int, whole: int) -> Workspace:
        known = self._workspaces.get((samples, whole))
        if known is None:
            known = self._workspace_for(self._samples.room(samples), whole)
            self._workspaces[samples, whole] = known
        return known


def bounds(samples: int, shards: int, shard: int) -> tuple[int, int]:
    """Start and stop of that shard of so many samples, as `np.array_split` cuts them."""
    least, longer = divmod(samples, shards)
    start = shard * least + min(shard, longer)
    return start, start + least + (shard < longer)
