"""Several small trainings that differ only in their parameters, as one stack of arrays.

In a small network the time goes into calls, not into arithmetic; here one call serves all networks.
Each of them comes out as `LocalTrainer` would make it alone, bit for bit: the same operations in
the same order on its own slice, where also stays what is not finite.
"""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import OutOfDomain
from core.nn.kernels import run_kernels
from core.nn.metrics import accuracy
from core.nn.parameters import matrices
from core.training.checkpoint import Checkpoint, late_iteration
from core.training.compute.buffers import Buffers
from core.training.compute.forward_backward import build_forward_backward
from core.training.compute.samples import SampleBuffer
from core.training.config import TrainingConfig, validate_training_data
from core.training.ensemble.stacking_policy import is_stackable
from core.training.evaluation import Metrics


class StackedTrainer:
    """The trainings from some checkpoints of one iteration, updated in place.

    What can be refused is refused here: what `LocalTrainer` refuses, and `OutOfDomain` where the
    specification is not `is_stackable`.
    """

    def __init__(
        self,
        specification: TrainingConfig,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoints: Sequence[Checkpoint],
    ) -> None:
        """Continue from the checkpoints, which are copied; x and y are read, never written."""
        validate_training_data(specification, x, y)
        if not is_stackable(specification, len(x)):
            raise OutOfDomain("this training cannot be stacked", ("restarts",))
        self.iteration = checkpoints[0].iteration
        self._specification = specification
        self._parameters = np.stack([one.parameters for one in checkpoints])
        self._moments = np.stack([one.moments for one in checkpoints], axis=1)
        gradient = np.empty_like(self._parameters)
        # An optimizer works element by element, so one step serves the stacked vectors.
        self._step = specification.optimizer.bind(
            self._parameters.reshape(-1),
            gradient.reshape(-1),
            self._moments.reshape(len(self._moments), gradient.size),
        )
        samples = SampleBuffer.of(x, y, np.arange(len(x)), specification.dtype)
        sizes, activations = specification.sizes, specification.activation_functions
        self._pass = build_forward_backward(
            matrices(self._parameters, sizes),
            matrices(gradient, sizes),
            activations,
            specification.loss_function,
            samples,
            Buffers(sizes, len(samples), specification.dtype, (len(checkpoints),)),
            1.0 / len(samples),
        )
        run_kernels(self._pass.on_targets_changed)
        self._share = self._pass.loss_scale / len(samples)
        self._samples = samples
        self._initial_losses = [one.initial_loss for one in checkpoints]
        self._late_losses = [one.late_loss for one in checkpoints]

    def __len__(self) -> int:
        return len(self._parameters)

    @property
    def finished(self) -> bool:
        """Whether the last iteration has been made."""
        return self.iteration >= self._specification.iterations

    def run(self, iterations: int) -> Float[Array, "restarts made"]:
        """Make up to `iterations` iterations; return each network's losses before its steps.

        Ends before the step after a loss that is not finite, which is then the last of its row: the
        other rows have met theirs of that iteration too, and can go on without that network.
        """
        start = self.iteration
        count = max(0, min(iterations, self._specification.iterations - start))
        losses = np.empty((count, len(self)))
        ones = np.ones(len(self), self._parameters.dtype)
        first, met = self.iteration + 1, 0
        with np.errstate(all="ignore"):
            for met in range(1, count + 1):
                run_kernels(self._pass.forward)
                totals = self._pass.loss_sum()
                losses[met - 1] = totals
                # The sum takes 0.26 of the time of `np.isfinite(totals).all()`, but may exceed
                # the floats although no term does.
                if not isfinite(ones.dot(totals)) and not np.isfinite(totals).all():
                    break
                run_kernels(self._pass.backward)
                self._step(first + met - 1)
                self.iteration += 1
        seen: Array = self._share * losses[:met].T
        self._note_milestones(start, seen)
        return seen

    def _note_milestones(self, start: int, losses: Array) -> None:
        """Keep the losses that `Checkpoint` names; `losses[:, k]` are after `start + k`."""
        late = late_iteration(self._specification.iterations) - start
        if start == 0 and losses.shape[1]:
            self._initial_losses = losses[:, 0].tolist()
        if 0 <= late < losses.shape[1]:
            self._late_losses = losses[:, late].tolist()

    def measure(self) -> list[Metrics]:
        """Mean loss and accuracy of each network at its present parameters; raises nothing."""
        with np.errstate(all="ignore"):
            run_kernels(self._pass.forward)
            totals = np.asarray(self._pass.loss_sum(), np.float64)
        last, y = self._specification.activation_functions[-1], self._samples.y.T
        return [
            Metrics(float(self._share * total), accuracy(last, output.T, y))
            for total, output in zip(totals, self._pass.output, strict=True)
        ]

    def checkpoint(self, number: int) -> Checkpoint:
        """The state now of network `number`, from 0; a copy."""
        return Checkpoint(
            iteration=self.iteration,
            parameters=self._parameters[number].copy(),
            moments=self._moments[:, number].copy(),
            best_parameters=self._parameters[number, :0].copy(),
            initial_loss=self._initial_losses[number],
            late_loss=self._late_losses[number],
        )
