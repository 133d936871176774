"""A `TrainingBackend` whose iterations are compiled: many of them in one call."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int

from core.arrays import Array
from core.nn.metrics import class_labels, count_correct
from core.training.compiled.constants import (
    ACTIVATION_CODES,
    BATCH_X,
    BATCH_Y,
    FIRST_MOMENT,
    LOSS_CODES,
    MAX_OPTIMIZER_PARAMETERS,
    OPTIMIZER_CODES,
    PARAMETERS,
    SHRINKAGE,
    loss_factor,
)
from core.training.compiled.layout import Layout
from core.training.compiled.machine_code import address, kernel
from core.training.config import TrainingConfig
from core.training.evaluation import Metrics

MAX_EPOCHS_AT_ONCE = 64
"""Epochs whose orders of samples are drawn before a call."""


class CompiledBackend:
    """Parameters and moments are copied in before a call, and out after it."""

    def __init__(
        self,
        config: TrainingConfig,
        x: Float[Array, "samples d_x"],
        y: Float[Array, "samples d_y"],
        parameters: Float[Array, " p"],
        moments: Float[Array, "moments p"],
    ) -> None:
        """Copies of x and y; views of the rest, which iterations change in place."""
        self._config = config
        training, validation = config.split(len(x))
        batch = min(config.batch_size or len(training), len(training))
        self._layout = Layout(config.sizes, config.dtype, batch)
        self._x, given_y = (np.ascontiguousarray(rows[training], config.dtype) for rows in (x, y))
        self._y = config.smooth_labels(given_y) if config.label_smoothing else given_y
        self._batch = batch if batch < len(training) else None
        if self._batch is None:
            self._layout.fill(BATCH_X, self._x, config.sizes[0] + 1)
            self._layout.fill(BATCH_Y, self._y, config.sizes[-1])
        inner = self._layout
        self._state = [(inner.vector(PARAMETERS), parameters)]
        self._state += [
            (inner.vector(FIRST_MOMENT + number), moment) for number, moment in enumerate(moments)
        ]
        inner.vector(SHRINKAGE)[...] = config.update_rule.shrinkage(parameters, config.sizes)
        sizes = np.array(config.sizes, np.int64)
        codes = np.array([ACTIVATION_CODES[name] for name in config.activations], np.int64)
        optimizer, names = OPTIMIZER_CODES[config.optimizer.name]
        numbers = np.zeros(MAX_OPTIMIZER_PARAMETERS)
        numbers[: len(names)] = [getattr(config.optimizer, name) for name in names]
        self._owned = sizes, codes, numbers
        """Arrays of which the kernels have the addresses."""
        self._network = (
            *(address(inner.array), address(inner.offsets)),
            *(len(codes), address(sizes), address(codes)),
            *(LOSS_CODES[config.loss], loss_factor(config.loss, config.sizes[-1])),
            inner.block,
        )
        self._optimizer = (inner.size, optimizer, address(numbers))
        last = config.activation_functions[-1]
        self.training = CompiledEvaluator(self, self._x, self._y, class_labels(last, given_y))
        self.validation = (
            CompiledEvaluator(
                self,
                np.ascontiguousarray(x[validation], config.dtype),
                np.ascontiguousarray(y[validation], config.dtype),
                class_labels(last, y[validation]),
            )
            if len(validation)
            else None
        )

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool
    ) -> Float[Array, " made"]:
        """See `TrainingBackend`; the step is the kernel's own, with the same bits as `step`."""
        self._copy_in()
        losses = np.empty(count)
        if self._batch is None:
            samples = len(self._x)
            made = self._train("train_full_batch", first, losses, samples)
        else:
            made = self._iterate_batches(self._batch, first, losses)
        for inner, outer in self._state:
            outer[...] = inner
        return losses[:made]

    def _iterate_batches(self, batch: int, first: int, losses: Float[Array, " count"]) -> int:
        rows = np.arange(len(self._x))
        samples = (address(self._x), address(self._y), len(rows))
        per_epoch = -(-len(rows) // batch)
        made = 0
        while made < len(losses):
            epoch, start = divmod(first - 1 + made, per_epoch)
            count = min(len(losses) - made, MAX_EPOCHS_AT_ONCE * per_epoch - start)
            epochs = range(epoch, epoch - (-(start + count) // per_epoch))
            orders = np.stack([self._config.epoch_rows(rows, number) for number in epochs])
            cut = (address(orders), len(orders), batch, start)
            part = losses[made : made + count]
            done = self._train("train_batches", first + made, part, *samples, *cut)
            made += done
            if not np.isfinite(part[done - 1]):
                break
        return made

    def _train(self, name: str, first: int, losses: Float[Array, " count"], *samples: int) -> int:
        call = kernel(name, self._config.precision)
        rule = self._config.update_rule
        factors = rule.factors(first, len(losses))
        update = (not rule.is_plain, address(factors))
        met = (first, address(losses), len(losses))
        made: int = call(*self._network, *self._optimizer, *update, *met, *samples)
        return made

    def evaluate(
        self, x: Float[Array, "samples d_x"], y: Float[Array, "samples d_y"], rows: Array
    ) -> tuple[float, Float[Array, "samples d_y"]]:
        """Mean E and ŷ at the present parameters."""
        self._copy_in()
        outputs = np.empty_like(y)
        samples = (address(x), address(y), len(x), address(rows), address(outputs))
        loss = kernel("evaluate", self._config.precision)(*self._network, *samples)
        return loss, outputs

    def _copy_in(self) -> None:
        for inner, outer in self._state:
            inner[...] = outer


class CompiledEvaluator:
    """An `Evaluator` of some samples."""

    is_single_block = False

    def __init__(
        self,
        backend: CompiledBackend,
        x: Float[Array, "samples d_x"],
        y: Float[Array, "samples d_y"],
        labels: Int[Array, " samples"] | None,
    ) -> None:
        """Of samples in the precision of the training, with their classes before smoothing."""
        self._backend, self._x, self._y, self._labels = backend, x, y, labels
        self._rows: Int[Array, " samples"] = np.arange(len(x))

    def measure(self) -> Metrics:
        """See `Evaluator`."""
        loss, outputs = self._backend.evaluate(self._x, self._y, self._rows)
        if self._labels is None:
            return Metrics(loss, None)
        return Metrics(loss, count_correct(outputs, self._labels) / len(outputs))
