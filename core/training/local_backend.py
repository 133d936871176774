"""Training backend for batches that are computed in one piece in this process."""

from collections.abc import Callable

from jaxtyping import Float

from core.arrays import Array
from core.nn.metrics import class_labels
from core.training.backend import blocked_passes_factory
from core.training.compute.minibatches import MiniBatches
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig
from core.training.evaluation import LocalEvaluator


class LocalBackend:
    """A `TrainingBackend` in this process."""

    def __init__(
        self,
        specification: TrainingConfig,
        x: Float[Array, "samples d_x"],
        y: Float[Array, "samples d_y"],
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
    ) -> None:
        """Copies of x and y; views of the rest."""
        make = blocked_passes_factory(specification, parameters, gradient)
        training, validation = (
            SampleBuffer.of(x, y, rows, specification.dtype) for rows in specification.split(len(x))
        )
        last = specification.activation_functions[-1]
        labels = class_labels(last, training.y.T)
        if specification.label_smoothing:
            training.y[...] = specification.smooth_labels(training.y)
        self._everything = make(training, len(training))
        self._batches = (
            None
            if specification.iterations_per_epoch(len(x)) == 1
            else MiniBatches(specification, training, make)
        )
        self.training = LocalEvaluator(self._everything, labels)
        self.validation = (
            LocalEvaluator(make(validation, len(validation)), class_labels(last, validation.y.T))
            if len(validation)
            else None
        )

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool
    ) -> Float[Array, " made"]:
        """See `TrainingBackend`; one iteration at most where there are several batches."""
        if self._batches is None:
            return self._everything.iterate(step, first, count, forward_done)
        return self._batches.batch(first - 1).iterate(step, first, min(count, 1))
