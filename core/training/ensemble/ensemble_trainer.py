"""Stacked trainings of which those that diverge drop out, each with its reason."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import Diverged
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig
from core.training.ensemble.stacked_trainer import StackedTrainer
from core.training.evaluation import Metrics


class EnsembleTrainer:
    """One training per checkpoint; they are numbered in that order, from 0."""

    def __init__(
        self,
        specification: TrainingConfig,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoints: Sequence[Checkpoint],
    ) -> None:
        """Continue from the checkpoints of one iteration; raises what `StackedTrainer` raises."""
        self.diverged: dict[int, Diverged] = {}
        """The reason by the number of each training that diverged."""
        self._specification, self._x, self._y = specification, x, y
        self._stack = StackedTrainer(specification, x, y, checkpoints)
        self._active = list(range(len(checkpoints)))
        self._losses: list[list[Array]] = [[] for _ in checkpoints]

    @property
    def finished(self) -> bool:
        """Whether the last iteration has been made, or all trainings have diverged."""
        return self._stack.finished or not self._active

    def run(self, iterations: int) -> None:
        """Make up to `iterations` iterations of all trainings that have not diverged."""
        last = self._stack.iteration + iterations
        while self._stack.iteration < last and not self.finished:
            before = self._stack.iteration
            met = self._stack.run(last - before)
            made = self._stack.iteration - before
            for number, losses in zip(self._active, met, strict=True):
                self._losses[number].append(losses[:made])
            if met.shape[1] > made:
                self._remove_diverged(met[:, -1])

    def measure(self) -> dict[int, Metrics]:
        """Current loss and accuracy of the remaining trainings.

        Those without a finite loss are removed first.
        """
        measures = self._stack.measure() if self._active else []
        seen = dict(zip(self._active, measures, strict=True))
        self._remove_diverged(np.array([measure.loss for measure in measures]))
        return {number: seen[number] for number in self._active}

    def losses(self, number: int) -> Float[Array, "made"]:
        """The losses of a training before each of its steps."""
        return np.concatenate([np.empty(0), *self._losses[number]])

    def checkpoint(self, number: int) -> Checkpoint:
        """A copy of the current state of a remaining training."""
        return self._stack.checkpoint(self._active.index(number))

    def _remove_diverged(self, losses: Array) -> None:
        """Remove trainings whose loss is not finite; `losses` has one per remaining training."""
        eta, iteration = self._specification.optimizer.eta, self._stack.iteration
        going = []
        for number, loss in zip(self._active, losses.tolist(), strict=True):
            if isfinite(loss):
                going.append(number)
            else:
                self.diverged[number] = Diverged.after(iteration, loss, eta)
        if going and len(going) < len(self._active):
            rest = [self.checkpoint(number) for number in going]
            self._stack = StackedTrainer(self._specification, self._x, self._y, rest)
        self._active = going
