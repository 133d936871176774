"""Training backend for batches that are computed in one piece in this process."""

from collections.abc import Callable

from jaxtyping import Float

from core.arrays import Array
from core.training.backend import blocked_passes_factory
from core.training.compute.minibatches import minibatches_of
from core.training.compute.subsets import training_subsets
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
        subsets = training_subsets(specification, x, y)
        training, validation = subsets["training"], subsets["validation"]
        self._everything = make(training.samples, len(training.samples))
        self._batches = minibatches_of(specification, len(x), training.samples, make)
        self.training = LocalEvaluator(self._everything, training.labels)
        self.validation = (
            LocalEvaluator(make(validation.samples, len(validation.samples)), validation.labels)
            if len(validation.samples)
            else None
        )

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool
    ) -> Float[Array, " made"]:
        """See `TrainingBackend`; one iteration at most where there are several batches."""
        if self._batches is None:
            return self._everything.iterate(step, first, count, forward_done)
        return self._batches.batch(first - 1).iterate(step, first, min(count, 1))
