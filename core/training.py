"""Gradient descent, as many iterations at a time as its holder asks for."""

from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array, require_finite
from core.checkpoint import Checkpoint
from core.errors import Diverged, OutOfDomain, ShapeMismatch
from core.metrics import accuracy
from core.specification import Specification
from core.watch import Watch
from core.workspace import Workspace

History = dict[str, Array]
"""One number per iteration under each name.

`loss`: what the iteration met before its step; of its own batch where there are batches.
`validation_loss`, `validation_accuracy`: after the step, NaN where not measured; these two only
where samples are kept for validation.
"""


class Training:
    """A training under way: its checkpoint bent in place, iteration by iteration.

    The one object of the core that changes. What can be refused is refused here, before the first
    iteration: `ShapeMismatch`, `OutOfDomain`, `NotFinite`, `UnknownName`.
    """

    def __init__(
        self,
        specification: Specification,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoint: Checkpoint,
    ) -> None:
        """Continue from `checkpoint`, which is copied; x and y are read, never written."""
        require_fit(specification, x, y)
        self.iteration = checkpoint.iteration
        self._specification = specification
        self._x = np.asarray(x, specification.dtype)
        self._y = np.asarray(y, specification.dtype)
        self._parameters = checkpoint.parameters.copy()
        self._gradient = np.empty_like(self._parameters)
        self._moments = checkpoint.moments.copy()
        self._rows, validation = specification.split(len(x))
        self._batch_size = specification.batch_size or len(self._rows)
        self._epoch = -(-len(self._rows) // self._batch_size)
        self._order = (-1, self._rows)
        self._everything = self._workspace(self._rows)
        self._batches = {
            size: self._workspace(self._rows[:size])
            for size in {self._batch_size, len(self._rows) % self._batch_size} - {0}
            if self._epoch > 1
        }
        watched = self._workspace(validation) if len(validation) else self._everything
        watched_y = self._y[validation] if len(validation) else self._y[self._rows]
        self._validates = len(validation) > 0
        self._watch = (
            Watch(specification, watched, watched_y, checkpoint)
            if self._validates or specification.early_stopping
            else None
        )

    @property
    def finished(self) -> bool:
        """Whether the last iteration has been made, or early stopping has ended it before."""
        stopped = self._watch is not None and self._watch.says_stop
        return stopped or self.iteration >= self._specification.iterations

    def run(self, iterations: int) -> History:
        """Make up to so many iterations, fewer where the training ends before.

        Raises `Diverged` when the loss is no longer finite.
        """
        count = max(0, min(iterations, self._specification.iterations - self.iteration))
        history = {"loss": np.empty(count)}
        if self._validates:
            history["validation_loss"] = np.full(count, np.nan)
            history["validation_accuracy"] = np.full(count, np.nan)
        made = 0
        with np.errstate(all="ignore"):
            while made < count and not self.finished:
                history["loss"][made] = self._iterate()
                if self._watch is not None and self.iteration % self._epoch == 0:
                    seen = self._watch.look(self._parameters)
                    if self._validates:
                        history["validation_loss"][made] = self._require_convergence(seen[0])
                        history["validation_accuracy"][made] = seen[1]
                made += 1
        return {name: column[:made] for name, column in history.items()}

    def loss(self) -> float:
        """Mean loss of all training samples at the present parameters; raises `Diverged`."""
        with np.errstate(all="ignore"):
            return self._require_convergence(self._everything.loss())

    def accuracy(self) -> float | None:
        """The share of training samples put into the right class; None without classes."""
        with np.errstate(all="ignore"):
            self._everything.loss()
        last = self._specification.activation_functions[-1]
        return accuracy(last, self._everything.output(), self._y[self._rows])

    def checkpoint(self) -> Checkpoint:
        """The state now; a copy."""
        watch = self._watch
        return Checkpoint(
            iteration=self.iteration,
            parameters=self._parameters.copy(),
            moments=self._moments.copy(),
            best_parameters=watch.best_parameters if watch else self._parameters[:0].copy(),
            best_loss=watch.best_loss if watch else np.inf,
            stale=watch.stale if watch else 0,
        )

    def _iterate(self) -> float:
        """One step of the optimizer; the loss before it."""
        batch = self._everything if self._epoch == 1 else self._next_batch()
        loss = self._require_convergence(batch.loss_and_gradient())
        self.iteration += 1
        self._specification.optimizer.step(
            self._parameters, self._gradient, self._moments, self.iteration
        )
        return loss

    def _next_batch(self) -> Workspace:
        epoch, number = divmod(self.iteration, self._epoch)
        if self._order[0] != epoch:
            self._order = (epoch, self._specification.epoch_rows(self._rows, epoch))
        rows = self._order[1][number * self._batch_size : (number + 1) * self._batch_size]
        batch = self._batches[len(rows)]
        batch.load(self._x, self._y, rows)
        return batch

    def _workspace(self, rows: np.ndarray) -> Workspace:
        workspace = Workspace(
            self._parameters,
            self._gradient,
            self._specification.sizes,
            self._specification.activation_functions,
            self._specification.loss_function,
            len(rows),
        )
        workspace.load(self._x, self._y, rows)
        return workspace

    def _require_convergence(self, loss: float) -> float:
        if not isfinite(loss):
            raise Diverged(
                f"the loss is {loss} after {self.iteration} iterations with "
                f"eta = {self._specification.optimizer.eta:g}: try a lower eta"
            )
        return loss


def require_fit(specification: Specification, x: Array, y: Array) -> None:
    """Raise `ShapeMismatch`, `OutOfDomain`, `NotFinite` or `UnknownName` where they do not fit."""
    if not len(x):
        raise ShapeMismatch("x has no samples", ("data", "x"))
    if len(x) != len(y):
        raise ShapeMismatch(f"x has {len(x)} samples, but y has {len(y)}", ("data", "y"))
    for name, rows, width in (("x", x, specification.sizes[0]), ("y", y, specification.sizes[-1])):
        end = "first" if name == "x" else "last"
        if rows.shape[1] != width:
            raise ShapeMismatch(
                f"{name} has {rows.shape[1]} numbers per sample, "
                f"but the {end} of the sizes is {width}",
                ("data", name),
            )
        require_finite(rows, name, ("data", name))
    specification.loss_function.require_domain(y, "y", ("data", "y"))
    batch_size = specification.batch_size
    if batch_size is not None and batch_size > len(specification.split(len(x))[0]):
        raise OutOfDomain(
            f"batch_size is {batch_size}, but there are "
            f"{len(specification.split(len(x))[0])} samples to train on",
            ("batch_size",),
        )
