"""The training loop: any number of iterations at a time, on any backend."""

from dataclasses import replace
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.errors import Diverged
from core.training.backend import BackendFactory, TrainingBackend
from core.training.checkpoint import Checkpoint, late_iteration
from core.training.compiled.arithmetic import LANES
from core.training.compiled_backend.loading import compiled_backend
from core.training.config import TrainingConfig, validate_training_data
from core.training.data_parallel.backend import DataParallelBackend, SequentialShards
from core.training.data_parallel.shards import ShardEvaluator
from core.training.early_stopping import EarlyStoppingMonitor
from core.training.evaluation import Metrics
from core.training.frames import Frame, frame_interval
from core.training.local_backend import LocalBackend
from core.training.progress import Progress
from core.training.updates.lbfgs import LBFGS, line_search_step
from core.training.updates.update_rule import weight_mask

History = dict[str, Array]
"""One number per iteration under each name.

`loss`: what the iteration met before its step; of its own batch where there are batches.
`validation_loss`, `validation_accuracy`: after the step, NaN where not measured; these two only
where samples are kept for validation.
"""


class Trainer:
    """A running training, whose state is updated in place: the only mutable object of the core."""

    def __init__(
        self,
        specification: TrainingConfig,
        samples: int,
        checkpoint: Checkpoint,
        bind: BackendFactory,
        keeps_frames: bool = True,
    ) -> None:
        """Continue from `checkpoint`, which is copied; `samples` includes validation samples.

        `take_frames` has frames only where they are kept; each is a stop on the way.
        """
        self.iteration = checkpoint.iteration
        self._specification = specification
        self._parameters = checkpoint.parameters.copy()
        gradient = np.empty_like(self._parameters)
        self._moments = checkpoint.moments.copy()
        self._gradient = gradient
        self._watch: EarlyStoppingMonitor | None = None
        self._step = specification.update_rule.bind(
            specification.optimizer.bind(self._parameters, gradient, self._moments),
            self._parameters,
            gradient,
            specification.sizes,
            self._plateaus,
        )
        self._objective: float | None = None
        self._converged = False
        self._mask = weight_mask(self._parameters, specification.sizes)
        self._arithmetic = bind(self._parameters, gradient, self._moments)
        self._epoch = specification.iterations_per_epoch(samples)
        self._progress = Progress(self._arithmetic.training, self._epoch)
        self._validation = self._arithmetic.validation
        watched = self._validation.measure if self._validation else self._evaluate_all
        if specification.is_watched:
            self._watch = EarlyStoppingMonitor(specification, watched, checkpoint)
        self._best_seen: tuple[int, Metrics] | None = None
        self._initial_loss, self._late_loss = checkpoint.initial_loss, checkpoint.late_loss
        self._late = late_iteration(specification.iterations)
        self._frame_interval = frame_interval(specification) if keeps_frames else None
        self._frames: list[Frame] = []

    @property
    def finished(self) -> bool:
        """Whether the last iteration has been made, or early stopping has ended it before."""
        stopped = self._watch is not None and self._watch.should_stop
        return stopped or self._converged or self.iteration >= self._specification.iterations

    def run(self, iterations: int) -> History:
        """Make up to `iterations` iterations, fewer where the training ends before.

        Raises `Diverged` when the loss is no longer finite.
        """
        count = max(0, min(iterations, self._specification.iterations - self.iteration))
        history = {"loss": np.empty(count)}
        if self._validation:
            history["validation_loss"] = np.full(count, np.nan)
            history["validation_accuracy"] = np.full(count, np.nan)
        made = 0
        with np.errstate(all="ignore"):
            while made < count and not self.finished:
                losses = self._iterate(min(count - made, self._until_milestone()))
                history["loss"][made : made + len(losses)] = losses
                made += len(losses)
                self._record_frame()
                self._progress.record_losses(losses)
                if self._watch is not None and self.iteration % self._epoch == 0:
                    seen = self._watch.update(self._parameters, self.iteration)
                    if self._validation:
                        history["validation_loss"][made - 1] = self._require_convergence(seen.loss)
                        if seen.accuracy is not None:
                            history["validation_accuracy"][made - 1] = seen.accuracy
        return {name: column[:made] for name, column in history.items()}

    def loss(self) -> float:
        """Mean loss of all training samples at the present parameters; raises `Diverged`."""
        return self._require_convergence(self._evaluate_all().loss)

    def accuracy(self) -> float | None:
        """The share of training samples put into the right class; None without classes."""
        return self._evaluate_all().accuracy

    @property
    def is_watched(self) -> bool:
        """Whether the checkpoint keeps the best network beside the last."""
        return self._watch is not None

    @property
    def best_iteration(self) -> int:
        """The iteration after which the network of `Checkpoint.layers` was reached."""
        return self._best.best_iteration if self._best else self.iteration

    @property
    def stopped_early(self) -> bool:
        """Whether early stopping has ended the training before its last iteration."""
        return self.finished and self.iteration < self._specification.iterations

    def report(self) -> Metrics:
        """Loss and accuracy of the network of `Checkpoint.layers` on the training samples.

        Exact at the end, on the way an estimate where measuring would take long. Raises `Diverged`
        where the loss of the last iteration is not finite.
        """
        last = self.last()
        best = self._best
        if best is None or best.best_iteration == self.iteration:
            return last
        return self._report_of(best)

    def last(self) -> Metrics:
        """The same of the network after the last iteration."""
        measure = self._evaluate_all() if self.finished else self._progress.estimate(self.iteration)
        self._require_convergence(measure.loss)
        return measure

    def report_of_best(self) -> Metrics | None:
        """The same of the best network alone, exact; None where nothing was watched yet."""
        return self._report_of(self._best, exact=True) if self._best else None

    def watched(self) -> Metrics | None:
        """Validation loss and accuracy of the best network; None without validation samples."""
        if self._validation is None or self._best is None:
            return None
        return Metrics(self._best.best_loss, self._best.best_accuracy)

    def _report_of(self, best: EarlyStoppingMonitor, exact: bool = False) -> Metrics:
        if self._best_seen is None or self._best_seen[0] != best.best_iteration:
            if not (exact or self.finished or self._progress.is_due(self.iteration)):
                return self._progress.estimate(self.iteration)
            measure = self._progress.evaluate_others(self._parameters, best.best_parameters)
            self._best_seen = (best.best_iteration, measure)
        return self._best_seen[1]

    @property
    def _best(self) -> EarlyStoppingMonitor | None:
        """The monitor once it has seen parameters; None where nothing is watched."""
        watch = self._watch
        return watch if watch is not None and len(watch.best_parameters) else None

    def _plateaus(self) -> int:
        return self._watch.plateaus if self._watch else 0

    def take_frames(self) -> list[Frame]:
        """The frames recorded since the last call; none of a large network."""
        frames, self._frames = self._frames, []
        return frames

    def checkpoint(self) -> Checkpoint:
        """The state now; a copy."""
        now = self._now()
        parameters, moments = now.parameters.copy(), now.moments.copy()
        return replace(now, parameters=parameters, moments=moments)

    def to_bytes(self) -> bytes:
        """The bytes of the checkpoint, without another copy of it."""
        return self._now().to_bytes()

    def _now(self) -> Checkpoint:
        """Views that the next iteration changes."""
        watch = self._watch
        return Checkpoint(
            iteration=self.iteration,
            parameters=self._parameters,
            moments=self._moments,
            best_parameters=watch.best_parameters if watch else self._parameters[:0].copy(),
            best_loss=watch.best_loss if watch else np.inf,
            stale=watch.stale if watch else 0,
            plateaus=watch.plateaus if watch else 0,
            flat=watch.flat if watch else 0,
            best_iteration=watch.best_iteration if watch else 0,
            best_accuracy=watch.best_accuracy if watch else None,
            initial_loss=self._initial_loss,
            late_loss=self._late_loss,
        )

    def _until_milestone(self) -> int:
        """Measure the loss where a milestone is reached; the iterations up to the next stop."""
        if self.iteration == 0 and self._initial_loss is None:
            self._initial_loss = self._evaluate_all().loss
        if self.iteration == self._late and self._late_loss is None:
            self._late_loss = self._evaluate_all().loss
        if self.iteration == 0:
            self._record_frame()
        stops = [self._specification.iterations, self._late]
        if self._frame_interval is not None:
            stops.append((self.iteration // self._frame_interval + 1) * self._frame_interval)
        return min(stop - self.iteration for stop in stops if stop > self.iteration)

    def _record_frame(self) -> None:
        interval = self._frame_interval
        if interval is not None and self.iteration % interval == 0:
            self._frames.append(Frame(self.iteration // interval, self._parameters.copy()))

    def _iterate(self, count: int) -> Float[Array, " made"]:
        """Make up to `count` iterations, no further than the next evaluation.

        Return the losses before them.

        Raises `Diverged` before the step that would follow a loss that is not finite.
        """
        first = self.iteration + 1
        forward_done = self._progress.forward_is_current(self.iteration)
        if isinstance(self._specification.optimizer, LBFGS):
            return np.array([self._search_step(self._specification.optimizer)])
        if self._watch:  # the monitor measures after the last iteration of an epoch
            count = min(count, self._epoch - self.iteration % self._epoch)
        losses = self._arithmetic.iterate(self._step, first, count, forward_done)
        self.iteration += len(losses) - 1
        self._require_convergence(float(losses[-1]))
        self.iteration += 1
        return losses

    def _search_step(self, optimizer: LBFGS) -> float:
        """Make one iteration of L-BFGS; the loss before it. Raises `Diverged`."""
        decay = self._specification.weight_decay

        def evaluate() -> float:
            here = self.iteration + 1
            loss = float(self._arithmetic.iterate(lambda iteration: None, here, 1, False)[0])
            if not decay:
                return loss
            weights = self._mask * self._parameters
            np.add(self._gradient, decay * weights, self._gradient)
            return loss + 0.5 * decay * float(np.dot(weights, weights))

        penalty = 0.0
        if decay:
            weights = self._mask * self._parameters
            penalty = 0.5 * decay * float(np.dot(weights, weights))
        step = line_search_step(
            optimizer, evaluate, self._objective, self._parameters, self._gradient, self._moments
        )
        self._require_convergence(step.loss)
        self._objective, self._converged = step.next_loss, step.converged
        self.iteration += 1
        return step.loss - penalty

    def _evaluate_all(self) -> Metrics:
        return self._progress.evaluate(self.iteration)

    def _require_convergence(self, loss: float) -> float:
        if not isfinite(loss):
            raise Diverged.after(self.iteration, loss, self._specification.optimizer.eta)
        return loss


__all__ = ["History", "LocalTrainer"]


class LocalTrainer(Trainer):
    """What can be refused is refused here, before the first iteration.

    Raises `ShapeMismatch`, `OutOfDomain`, `NotFinite`, `UnknownName`.
    """

    def __init__(
        self,
        specification: TrainingConfig,
        x: Float[Array, "rows_of_x d_x"],
        y: Float[Array, "rows_of_y d_y"],
        checkpoint: Checkpoint,
        keeps_frames: bool = True,
    ) -> None:
        """Continue from `checkpoint`, which is copied; x and y are read, never written."""
        validate_training_data(specification, x, y)
        shards = specification.data_parallel

        def bind(parameters: Array, gradient: Array, moments: Array) -> TrainingBackend:
            if specification.arithmetic == LANES:
                return compiled_backend(specification, x, y, parameters, moments)
            if shards is None:
                return LocalBackend(specification, x, y, parameters, gradient)
            source = SequentialShards(ShardEvaluator(specification, x, y, parameters), shards)
            return DataParallelBackend(specification, source, gradient)

        super().__init__(specification, len(x), checkpoint, bind, keeps_frames)
