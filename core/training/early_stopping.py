"""The best watched loss of a training, and when to stop."""

from collections.abc import Callable

from core.arrays import Array
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.evaluation import Metrics
from core.training.updates.schedules import Plateau


class EarlyStoppingMonitor:
    """Tracks the loss of the validation samples, or of the training samples without any."""

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
        self.best_iteration = checkpoint.best_iteration
        self.best_accuracy = checkpoint.best_accuracy
        self.stale = checkpoint.stale
        schedule = specification.schedule
        self._patience = schedule.patience if isinstance(schedule, Plateau) else None
        self.plateaus, self.flat = checkpoint.plateaus, checkpoint.flat

    @property
    def should_stop(self) -> bool:
        """Whether `patience` epochs have passed without a lower loss."""
        return self._stopping is not None and self.stale >= self._stopping.patience

    def update(self, parameters: Array, iteration: int) -> Metrics:
        """Measure the parameters after that iteration, and keep them where they are the best."""
        measure = self._measure()
        loss = measure.loss
        min_delta = self._stopping.min_delta if self._stopping else 0.0
        self.stale += 1
        self.flat += 1
        if loss < self.best_loss - min_delta:
            self.stale = self.flat = 0
        if self.flat == self._patience:
            self.plateaus += 1
            self.flat = 0
        if loss < self.best_loss or not len(self.best_parameters):
            self.best_loss = loss
            self.best_accuracy = measure.accuracy
            self.best_iteration = iteration
            self.best_parameters = parameters.copy()
        return measure
