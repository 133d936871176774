"""Signs that a training has not learned, each with its numbers and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.nn.activations import RELU
from core.nn.backprop import backprop
from core.nn.forward import forward
from core.nn.layer import Layer
from core.nn.losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED
from core.nn.metrics import class_labels
from core.training.checkpoint import Checkpoint
from core.training.config import TrainingConfig

ROWS_AT_ONCE = 2_000
"""Rows of one forward pass, which keeps every s and x: a bound on its memory."""
MAX_SCALE_RATIO = 1e3
"""Inputs whose standard deviations differ by more than this slow gradient descent down."""
STILL_FALLING = 0.05
"""A training that loses this share of its loss in the last tenth of its iterations could go on."""
CONVERGED = 1e-6
"""Below this share of its initial loss a training is not called unfinished."""
NO_PROGRESS = 1e-3
"""The share of its initial loss below which a training has hardly moved."""
MAX_COLUMNS = 5
"""Columns named in a warning."""


@dataclass(frozen=True)
class TrainingWarning:
    """A stable `name` for programs and a sentence for people."""

    name: str
    detail: str


@dataclass(frozen=True, eq=False)
class FinishedTraining:
    """A training after its last iteration; loss and accuracy are of the network it gives."""

    config: TrainingConfig
    x: Float[Array, "samples d_in"]
    y: Float[Array, "samples d_out"]
    checkpoint: Checkpoint
    loss: float
    accuracy: float | None

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The network that the training gives, on the scaled numbers of x."""
        return self.checkpoint.inner_layers(self.config)

    @cached_property
    def rows(self) -> np.ndarray:
        """The rows trained on."""
        return self.config.split(len(self.x))[0]

    @cached_property
    def targets(self) -> Float[Array, "training d_out"]:
        """y of the rows trained on, in float64."""
        return self.config.targets(self.y[self.rows]).astype(np.float64)


def diagnose(training: FinishedTraining) -> list[TrainingWarning]:
    """All warnings that apply, the plainest first."""
    with np.errstate(all="ignore"):
        return [
            TrainingWarning(name, detail)
            for name, check in CHECKS.items()
            if (detail := check(training)) is not None
        ]


def _above_the_start(training: FinishedTraining) -> str | None:
    start = training.checkpoint.initial_loss
    if start is None or not training.loss > start:
        return None
    return (
        f"the loss is {training.loss:.4g}, above the {start:.4g} of iteration 0: "
        f"try an eta below {training.config.optimizer.eta:g}"
    )


def _constant_prediction(training: FinishedTraining) -> str | None:
    """The loss of the best constant output is as low."""
    mean = training.targets.mean(axis=0)
    baseline = _loss_of_constant(training, mean)
    if baseline is None or not training.loss >= (1.0 - NO_PROGRESS) * baseline:
        return None
    return (
        f"the loss is {training.loss:.4g}, and always giving the mean of y has {baseline:.4g}: "
        "the outputs do not depend on x in a useful way; try another eta or seed, scaled inputs, "
        "or more units"
    )


def _loss_of_constant(training: FinishedTraining, mean: Array) -> float | None:
    loss = training.config.loss_function
    if loss is SQUARED:
        baseline = 0.5 * float(np.sum(np.mean((training.targets - mean) ** 2, axis=0)))
    elif loss in (BINARY_CROSS_ENTROPY, CROSS_ENTROPY):
        distribution = mean if loss is BINARY_CROSS_ENTROPY else mean / mean.sum()
        baseline = float(loss.value(distribution[None], mean[None])[0])
    else:
        return None
    return baseline if baseline > 0.0 and np.isfinite(baseline) else None


def _majority(training: FinishedTraining) -> str | None:
    last = training.layers[-1].activation
    labels = class_labels(last, training.targets)
    if labels is None or training.accuracy is None:
        return None
    share = float(np.bincount(labels).max() / len(labels))
    if share == 1.0 or training.accuracy > share:
        return None
    return (
        f"the accuracy is {training.accuracy:.3g}, and always guessing the largest class "
        f"has {share:.3g}"
    )


def _dead_units(training: FinishedTraining) -> str | None:
    if not any(layer.activation is RELU for layer in training.layers[:-1]):
        return None
    alive = [np.zeros(layer.d_out, dtype=bool) for layer in training.layers]
    for rows in _pieces(training.rows):
        trace = forward(training.layers, training.x[rows].astype(training.config.dtype))
        for live, s in zip(alive, trace.s, strict=True):
            live |= (s > 0.0).any(axis=0)
    dead = [
        f"{np.sum(~live)} of {layer.d_out} in layer {number}"
        for number, (live, layer) in enumerate(
            zip(alive[:-1], training.layers[:-1], strict=True), start=1
        )
        if layer.activation is RELU and not live.all()
    ]
    if not dead:
        return None
    return (
        f"ReLUs that are 0 for every sample: {', '.join(dead)}; they learn no more: "
        f"try an eta below {training.config.optimizer.eta:g}, another seed, or leaky_relu"
    )


def _scales(training: FinishedTraining) -> str | None:
    if training.config.scaling is not None:
        return None
    deviations = training.x[training.rows].astype(np.float64).std(axis=0)
    varying = np.flatnonzero(deviations > 0.0)
    if len(varying) < 2:
        return None
    largest = float(deviations[varying].max())
    small = varying[deviations[varying] * MAX_SCALE_RATIO < largest]
    if not len(small):
        return None
    names = ", ".join(f"x{column + 1}" for column in small[:MAX_COLUMNS])
    more = f" and {len(small) - MAX_COLUMNS} more" if len(small) > MAX_COLUMNS else ""
    widest = int(varying[np.argmax(deviations[varying])]) + 1
    return (
        f"the standard deviation of input x{widest} is {largest:.3g}, more than 1000 times that of "
        f"{names}{more}: standardize the inputs"
    )


def _still_falling(training: FinishedTraining) -> str | None:
    config, late = training.config, training.checkpoint.late_loss
    finished = training.checkpoint.iteration == config.iterations
    if late is None or not finished or config.iterations < 10:
        return None
    settled = CONVERGED * (training.checkpoint.initial_loss or 0.0)
    if not settled < training.loss < (1.0 - STILL_FALLING) * late:
        return None
    return (
        f"the loss is still falling: from {late:.4g} to {training.loss:.4g} in the last tenth of "
        f"the {config.iterations} iterations; try more iterations"
    )


def _tiny_step(training: FinishedTraining) -> str | None:
    start = training.checkpoint.initial_loss
    if start is None or not 0.0 <= start - training.loss < NO_PROGRESS * start:
        return None
    chosen = training.rows[:: -(-len(training.rows) // ROWS_AT_ONCE)]
    dtype = training.config.dtype
    gradients = backprop(
        training.layers,
        training.x[chosen].astype(dtype),
        training.y[chosen].astype(dtype),
        training.config.loss_function,
    ).gradients
    largest = max(float(np.abs(one.weights).max()) for one in gradients)
    if not largest > NO_PROGRESS * start:
        return None
    return (
        f"the loss has hardly moved, from {start:.6g} to {training.loss:.6g}, although its "
        f"gradient has entries of {largest:.2g}: try an eta above {training.config.optimizer.eta:g}"
    )


def _unbounded(training: FinishedTraining) -> str | None:
    last = training.layers[-1].activation
    if training.config.loss_function is not CROSS_ENTROPY or last.range[1] <= 1.0:
        return None
    return (
        f"cross_entropy has no least value with {last.name}, whose outputs can exceed 1 (the loss "
        f"is {training.loss:.4g}): end the network with softmax"
    )


CHECKS: dict[str, Callable[[FinishedTraining], str | None]] = {
    "loss_above_start": _above_the_start,
    "constant_prediction": _constant_prediction,
    "majority_class": _majority,
    "dead_relus": _dead_units,
    "input_scales": _scales,
    "still_falling": _still_falling,
    "tiny_step": _tiny_step,
    "unbounded_loss": _unbounded,
}


def _pieces(rows: np.ndarray) -> Iterator[np.ndarray]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
