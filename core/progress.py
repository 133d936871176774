"""What is told about the present parameters of a training, at next to no cost."""

from collections import deque
from collections.abc import Sequence
from statistics import fmean

import numpy as np

from core.evaluation import Evaluation, Measure

RARELY = 11
"""Epochs between two looks at all samples, each of which costs a third of one: 3 % of the time."""


class Progress:
    """Remembers the latest losses met, and what was seen when all samples were last looked at."""

    def __init__(self, samples: Evaluation, epoch: int) -> None:
        """`samples` are all training samples, `epoch` the iterations that meet each once."""
        self._samples = samples
        self._epoch = epoch
        self._met: deque[float] = deque(maxlen=epoch)
        self._looked_at = -1
        self._seen = Measure(np.nan, None)

    def meet(self, losses: Sequence[float]) -> None:
        """Take note of the losses of iterations just made."""
        self._met.extend(losses)

    def has_looked(self, iteration: int) -> bool:
        """Whether all samples were looked at after that iteration."""
        return self._looked_at == iteration

    def look(self, iteration: int) -> Measure:
        """Loss and accuracy of all samples after that iteration, once for all who ask."""
        if not self.has_looked(iteration):
            with np.errstate(all="ignore"):
                self._seen = self._samples.measure()
            self._looked_at = iteration
        return self._seen

    def glance(self, iteration: int) -> Measure:
        """The same, except on the way from batch to batch.

        There it may be the mean loss of the latest batches, of an epoch at most, and the accuracy
        last seen. With a full batch a look costs nothing: the next iteration goes on from it.
        """
        soon = iteration - self._looked_at < RARELY * self._epoch
        if self._epoch > 1 and self._met and soon:
            return Measure(fmean(self._met), self._seen.accuracy)
        return self.look(iteration)
