"""The arithmetic of a training whose batches are computed in one piece, here."""

from collections.abc import Callable

from jaxtyping import Float

from core.arrays import Array
from core.nn.metrics import labels
from core.training.backend import workspace_for
from core.training.compute.minibatches import Batches
from core.training.compute.samples import Samples
from core.training.config import Specification
from core.training.evaluation import Evaluation


class WholeBatches:
    """An `Arithmetic`."""

    def __init__(
        self,
        specification: Specification,
        x: Float[Array, "samples d_x"],
        y: Float[Array, "samples d_y"],
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
    ) -> None:
        """Copies of x and y; views of the rest."""
        make = workspace_for(specification, parameters, gradient)
        training, validation = (
            Samples.of(x, y, rows, specification.dtype) for rows in specification.split(len(x))
        )
        last = specification.activation_functions[-1]
        self._everything = make(training, len(training))
        self._batches = (
            None if specification.epoch(len(x)) == 1 else Batches(specification, training, make)
        )
        self.training = Evaluation(self._everything, labels(last, training.y.T))
        self.validation = (
            Evaluation(make(validation, len(validation)), labels(last, validation.y.T))
            if len(validation)
            else None
        )

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, ascended: bool
    ) -> list[float]:
        """See `Arithmetic`; one iteration at most where there are several batches."""
        if self._batches is None:
            return self._everything.iterate(step, first, count, ascended)
        return self._batches.of(first - 1).iterate(step, first, min(count, 1))
