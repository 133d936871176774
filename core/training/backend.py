"""Interface between the training loop and the code that computes losses and gradients."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from jaxtyping import Float

from core.arrays import Array
from core.training.compute.blocked_passes import BlockedPasses
from core.training.compute.buffers import BufferPool
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig
from core.training.evaluation import Evaluator


@runtime_checkable
class TrainingBackend(Protocol):
    """Sums over samples, at the present parameters."""

    @property
    def training(self) -> Evaluator:
        """All samples to train on."""

    @property
    def validation(self) -> Evaluator | None:
        """The samples kept for validation; None without."""

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool
    ) -> Float[Array, " made"]:
        """Make at most `count` iterations from `first` (from 1) on; return the mean E before each.

        Before each step the gradient is in the array that the step reads. Ends after an E that is
        not finite, without a step. `forward_done` says that the last call evaluated the samples of
        the first iteration; only where those samples are whole.
        """


BackendFactory = Callable[
    [Float[Array, " p"], Float[Array, " p"], Float[Array, "moments p"]], TrainingBackend
]
"""Factory of a backend for parameters, gradient and moments, which iterations change in place."""


def blocked_passes_factory(
    specification: TrainingConfig,
    parameters: Float[Array, " p"],
    gradient: Float[Array, " p"],
    pool: BufferPool | None = None,
) -> Callable[[SampleBuffer, int], BlockedPasses]:
    """Give what makes workspaces on some of `whole` samples, over which the means are."""
    sizes, loss = specification.sizes, specification.loss_function
    activations = specification.activation_functions

    def make(samples: SampleBuffer, whole: int) -> BlockedPasses:
        return BlockedPasses(parameters, gradient, sizes, activations, loss, samples, whole, pool)

    return make
