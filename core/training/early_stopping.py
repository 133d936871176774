"""Early stopping's eye: the loss at the end of each epoch, and where it was lowest."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.evaluation import Metrics


class EarlyStoppingMonitor:
    """Looks at the validation samples, or at the training samples where there are none."""

    def __init__(
        self,
        specification: TrainingConfig,
        measure: Callable[[], Metrics],
        checkpoint: Checkpoint,
    ) -> None:
        """Continue from `checkpoint`."""
        self._stopping = specification.early_stopping
        self._measure = measure
        self.best_parameters = checkpoint.best_parameters.copy()
        self.best_loss = checkpoint.best_loss
        self.stale = checkpoint.stale

    @property
    def should_stop(self) -> bool:
        """Whether `patience` epochs have passed without a lower loss."""
        return self._stopping is not None and self.stale >= self._stopping.patience

    def update(self, parameters: Array) -> tuple[float, float]:
        """Loss and accuracy (NaN without classes) at the present parameters."""
        loss, accuracy = self._measure()
        min_delta = self._stopping.min_delta if self._stopping else 0.0
        self.stale += 1
        if loss < self.best_loss - min_delta:
            self.stale = 0
        if loss < self.best_loss or not len(self.best_parameters):
            self.best_loss = loss
            self.best_parameters = parameters.copy()
        return loss, np.nan if accuracy is None else accuracy
