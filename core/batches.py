"""Mini-batches: which samples an iteration is made on, a function of seed and iteration alone."""

from collections.abc import Callable

import numpy as np

from core.samples import Samples
from core.specification import Specification
from core.workspace import Workspace


class Batches:
    """The training samples in an order of their own in each epoch, cut into batches."""

    def __init__(
        self,
        specification: Specification,
        samples: Samples,
        size: int,
        workspace_for: Callable[[Samples], Workspace],
    ) -> None:
        """The last batch of an epoch is smaller where `size` does not divide the samples."""
        self._specification = specification
        self._samples = samples
        self._size = size
        self._rooms = {count: samples.room(count) for count in {size, len(samples) % size} - {0}}
        self._workspaces = {count: workspace_for(room) for count, room in self._rooms.items()}
        self._epoch = -1
        self._order = np.arange(len(samples))

    @property
    def per_epoch(self) -> int:
        """The iterations that meet every sample once."""
        return -(-len(self._samples) // self._size)

    def of(self, iteration: int) -> Workspace:
        """The workspace with the batch of that iteration (from 0), until the next is asked for."""
        epoch, number = divmod(iteration, self.per_epoch)
        if epoch != self._epoch:
            rows = np.arange(len(self._samples))
            self._epoch, self._order = epoch, self._specification.epoch_rows(rows, epoch)
        batch = self._order[number * self._size : (number + 1) * self._size]
        workspace = self._workspaces[len(batch)]
        self._samples.gather(batch, self._rooms[len(batch)])
        workspace.refresh()
        return workspace
