"""Stacked trainings of which those that diverge drop out, each with its reason."""

from collections.abc import Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import Diverged
from core.training.checkpoint import Checkpoint
from core.training.config import Specification
from core.training.ensemble.stacked_trainer import Stack
from core.training.evaluation import Measure


class Race:
    """One training per checkpoint; they are numbered in that order, from 0."""

    def __init__(
        self,
        specification: Specification,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoints: Sequence[Checkpoint],
    ) -> None:
        """Continue from the checkpoints of one iteration; raises what `Stack` raises."""
        self.diverged: dict[int, Diverged] = {}
        """Who dropped out, and why."""
        self._specification, self._x, self._y = specification, x, y
        self._stack = Stack(specification, x, y, checkpoints)
        self._going = list(range(len(checkpoints)))
        self._losses: list[list[Array]] = [[] for _ in checkpoints]

    @property
    def finished(self) -> bool:
        """Whether the last iteration has been made, or nobody is left to make it."""
        return self._stack.finished or not self._going

    def run(self, iterations: int) -> None:
        """Let all that are left make up to so many iterations."""
        last = self._stack.iteration + iterations
        while self._stack.iteration < last and not self.finished:
            before = self._stack.iteration
            met = self._stack.run(last - before)
            made = self._stack.iteration - before
            for number, losses in zip(self._going, met, strict=True):
                self._losses[number].append(losses[:made])
            if met.shape[1] > made:
                self._drop_out(met[:, -1])

    def measure(self) -> dict[int, Measure]:
        """Loss and accuracy now of each that is left; who has no finite loss drops out first."""
        measures = self._stack.measure() if self._going else []
        seen = dict(zip(self._going, measures, strict=True))
        self._drop_out(np.array([measure.loss for measure in measures]))
        return {number: seen[number] for number in self._going}

    def losses(self, number: int) -> Float[Array, "made"]:
        """What that training met before each of its steps here."""
        return np.concatenate([np.empty(0), *self._losses[number]])

    def checkpoint(self, number: int) -> Checkpoint:
        """The state now of one that is left; a copy."""
        return self._stack.checkpoint(self._going.index(number))

    def _drop_out(self, losses: Array) -> None:
        """Go on with those whose loss is finite; `losses` has one for each that is left."""
        eta, iteration = self._specification.optimizer.eta, self._stack.iteration
        going = []
        for number, loss in zip(self._going, losses.tolist(), strict=True):
            if isfinite(loss):
                going.append(number)
            else:
                self.diverged[number] = Diverged.after(iteration, loss, eta)
        if going and len(going) < len(self._going):
            rest = [self.checkpoint(number) for number in going]
            self._stack = Stack(self._specification, self._x, self._y, rest)
        self._going = going
