"""The update of an iteration: an optimizer's step, scheduled, with clipping and weight decay."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from jaxtyping import Float, Float64

from core.arrays import Array
from core.nn.parameters import matrices
from core.training.updates.schedules import Schedule


@dataclass(frozen=True)
class UpdateRule:
    """What an update does beside the step Δ(g) of the optimizer at gradient g.

    With the factor f_k of the schedule, the weight decay λ and the norm c to clip to:
    w ← w + f_k (Δ(g min(1, c / ‖g‖)) - eta λ w), without λ for biases. The decay is decoupled from
    the gradient (Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019).
    """

    eta: float
    iterations: int
    schedule: Schedule | None = None
    weight_decay: float = 0.0
    clip_norm: float | None = None

    @property
    def is_plain(self) -> bool:
        """Whether an update is the step of the optimizer alone."""
        return self.schedule is None and not self.weight_decay and self.clip_norm is None

    def factors(self, first: int, count: int) -> Float64[Array, " count"]:
        """The factors f_k of `count` iterations from `first` on, of a schedule without plateaus."""
        schedule = self.schedule
        if schedule is None:
            return np.ones(count)
        return np.array([schedule.factor(k, self.iterations) for k in range(first, first + count)])

    def shrinkage(self, parameters: Float[Array, " p"], sizes: Sequence[int]) -> Float[Array, " p"]:
        """The share eta λ of each weight that an update takes away, 0 for biases."""
        return self.eta * self.weight_decay * weight_mask(parameters, sizes)

    def bind(
        self,
        step: Callable[[int], None],
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
        sizes: Sequence[int],
        plateaus: Callable[[], int] = lambda: 0,
    ) -> Callable[[int], None]:
        """Make the update ready; `step` is the optimizer's on the same vectors.

        `plateaus` returns how often the watched loss has stopped falling so far.
        """
        if self.is_plain:
            return step
        before = np.empty_like(parameters)
        shrinkage = self.shrinkage(parameters, sizes)
        number = parameters.dtype.type

        def update(iteration: int) -> None:
            if self.clip_norm is not None:
                norm = sqrt(float(np.dot(gradient, gradient)))
                if norm > self.clip_norm:
                    np.multiply(gradient, number(self.clip_norm / norm), gradient)
            before[...] = parameters
            step(iteration)
            np.subtract(parameters, before, parameters)
            if self.weight_decay:
                np.subtract(parameters, shrinkage * before, parameters)
            if self.schedule is not None:
                factor = number(self.schedule.factor(iteration, self.iterations, plateaus()))
                np.multiply(parameters, factor, parameters)
            np.add(parameters, before, parameters)

        return update


def weight_mask(parameters: Float[Array, " p"], sizes: Sequence[int]) -> Float[Array, " p"]:
    """1 at the place of each weight, 0 at that of each bias."""
    mask = np.ones_like(parameters)
    for matrix in matrices(mask, sizes):
        matrix[:, -1] = 0.0
    return mask
