"""Loss and accuracy of samples at the present parameters, in bounded memory."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.activations import Activation
from core.metrics import labels, share_right
from core.samples import Samples
from core.workspace import Workspace

BLOCK = 4096
"""So many samples are worked on at a time, where nobody needs all of them at once."""


class Measure(NamedTuple):
    """Mean E, and the share of samples put into the right class; None without classes."""

    loss: float
    accuracy: float | None


class Evaluation:
    """Samples that are looked at again and again."""

    def __init__(
        self,
        samples: Samples,
        activation: Activation,
        workspace_for: Callable[[Samples], Workspace],
        block: int = BLOCK,
    ) -> None:
        """`activation` is the last layer's."""
        self._samples = samples
        self._labels = labels(activation, samples.y.T)
        rooms = {min(block, len(samples)), len(samples) % block} - {0}
        self._rooms = (
            {len(samples): samples}
            if len(samples) <= block
            else {size: samples.room(size) for size in rooms}
        )
        self._workspaces = {size: workspace_for(room) for size, room in self._rooms.items()}
        self._starts = range(0, len(samples), block)
        self._block = block

    @property
    def whole(self) -> Workspace | None:
        """The workspace on the samples themselves, where one block holds them all."""
        return self._workspaces[len(self._samples)] if len(self._starts) == 1 else None

    def measure(self) -> Measure:
        """Raise nothing: a loss beyond the floats is inf or nan."""
        if self.whole is not None:
            loss = self.whole.loss()
            return Measure(loss, self._accuracy([self.whole.output()]))
        total, outputs = 0.0, []
        for start in self._starts:
            rows = np.arange(start, min(start + self._block, len(self._samples)))
            workspace = self._workspaces[len(rows)]
            self._samples.gather(rows, self._rooms[len(rows)])
            workspace.refresh()
            total += len(rows) * workspace.loss()
            outputs.append(workspace.output().copy())
        return Measure(total / len(self._samples), self._accuracy(outputs))

    def _accuracy(self, outputs: list[np.ndarray]) -> float | None:
        if self._labels is None:
            return None
        return share_right(np.concatenate(outputs), self._labels)
