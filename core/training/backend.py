"""What a descent asks of its samples, wherever they are and whoever computes on them."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from jaxtyping import Float

from core.arrays import Array
from core.training.compute.blocked_passes import Workspace
from core.training.compute.buffers import Rooms
from core.training.compute.samples import Samples
from core.training.config import Specification
from core.training.evaluation import Looks


@runtime_checkable
class Arithmetic(Protocol):
    """Sums over samples, at the present parameters."""

    @property
    def training(self) -> Looks:
        """All samples to train on."""

    @property
    def validation(self) -> Looks | None:
        """The samples kept for validation; None without."""

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, ascended: bool
    ) -> list[float]:
        """Make iterations `first` (from 1), …, `count` at most; the mean E each met before it.

        Before each step stands the gradient where the step looks for it. Ends after an E that is
        not finite, without a step. `ascended` says that the look at the samples of the first
        iteration was the last thing asked; only where those samples are whole.
        """


Bind = Callable[[Float[Array, " p"], Float[Array, " p"]], Arithmetic]
"""Makes the arithmetic for parameters and gradient: the vectors that a descent bends in place."""


def workspace_for(
    specification: Specification,
    parameters: Float[Array, " p"],
    gradient: Float[Array, " p"],
    rooms: Rooms | None = None,
) -> Callable[[Samples, int], Workspace]:
    """Give what makes workspaces on some of `whole` samples, over which the means are."""
    sizes, loss = specification.sizes, specification.loss_function
    activations = specification.activation_functions

    def make(samples: Samples, whole: int) -> Workspace:
        return Workspace(parameters, gradient, sizes, activations, loss, samples, whole, rooms)

    return make
