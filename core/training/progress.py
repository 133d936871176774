"""Loss and accuracy of the current parameters, for progress reports at little cost."""

from collections import deque
from statistics import fmean

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.training.evaluation import Evaluator, Metrics

EVALUATION_INTERVAL_EPOCHS = 25
"""Epochs between two evaluations of all samples.

An evaluation takes a third of an epoch, so 1.3 %.
"""


class Progress:
    """The losses of the latest iterations, and the last evaluation of all samples."""

    def __init__(self, samples: Evaluator, epoch: int) -> None:
        """`samples` are all training samples, `epoch` the iterations that meet each once."""
        self._samples = samples
        self._epoch = epoch
        # With a full batch in one block the next iteration reuses the forward pass of the
        # evaluation.
        self._is_free = epoch == 1 and samples.is_single_block
        self._met: deque[float] = deque(maxlen=epoch)
        self._looked_at = -1
        self._forward_at = -1
        self._seen = Metrics(np.nan, None)

    def record_losses(self, losses: Float[Array, " made"]) -> None:
        """Record the losses of the latest iterations."""
        self._met.extend(losses[-self._epoch :].tolist())

    def forward_is_current(self, iteration: int) -> bool:
        """Whether an evaluation was the forward pass of the next iteration."""
        return self._is_free and self._forward_at == iteration

    def is_due(self, iteration: int) -> bool:
        """Whether an evaluation after that iteration costs little of the time since the last."""
        soon = iteration - self._looked_at < EVALUATION_INTERVAL_EPOCHS * self._epoch
        return self._is_free or not soon

    def evaluate(self, iteration: int) -> Metrics:
        """Loss and accuracy of all samples after that iteration, evaluated once."""
        if self._looked_at != iteration:
            with np.errstate(all="ignore"):
                self._seen = self._samples.measure()
            self._looked_at = self._forward_at = iteration
        return self._seen

    def evaluate_others(self, parameters: Array, others: Array) -> Metrics:
        """Loss and accuracy at `others`, which stand in place of the `parameters` for a while."""
        kept = parameters.copy()
        parameters[...] = others
        self._forward_at = -1
        with np.errstate(all="ignore"):
            measure = self._samples.measure()
        parameters[...] = kept
        return measure

    def estimate(self, iteration: int) -> Metrics:
        """The same, or an estimate between two evaluations.

        Then it is the mean loss of the latest iterations, of an epoch at most, before their steps,
        and the accuracy last seen.
        """
        if self._met and not self.is_due(iteration):
            return Metrics(fmean(self._met), self._seen.accuracy)
        return self.evaluate(iteration)
