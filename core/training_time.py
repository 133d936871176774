"""The processor time of a training: what it consists of, and how long each part takes.

The rates were fitted by `python -m benchmarks.estimates` to random trainings.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from core.nn.activations import IDENTITY, LEAKY_RELU, RELU
from core.nn.parameters import parameter_count
from core.training.compiled.arithmetic import LANES, NUMPY, Arithmetic
from core.training.compiled.constants import LANE_BYTES
from core.training.config import TrainingConfig
from core.training.updates.lbfgs import LBFGS

LINE_SEARCH_EVALUATIONS = 2
"""Of the loss and its gradient in an iteration of L-BFGS; mostly it is one, and then a few more."""
STRAIGHT = (RELU, LEAKY_RELU, IDENTITY)
"""Activations without an exponential function."""


class Work(NamedTuple):
    """How often a training does what takes time; or the seconds that each of it takes."""

    trainings: float
    """The call of a worker, with samples and checkpoint read and written."""
    iterations: float
    layers: float
    """Layers that were passed forward and backward."""
    products: float
    """Multiplications of a weight, in forward and backward passes."""
    numbers: float
    """Numbers of x^(l), s^(l) and delta^(l) read or written."""
    exponentials: float
    """Values of σ and of σ′ that need an exponential function or a logarithm."""
    updated: float
    """Numbers of parameters and moments updated."""
    gathered: float
    """Numbers of samples copied into mini-batches."""
    orders: float
    """Orders of the samples drawn for an epoch of mini-batches."""
    evaluations: float
    """Evaluations of the samples that early stopping or validation watches."""
    searches: float
    """Line searches of L-BFGS."""


SECONDS: Mapping[tuple[Arithmetic, Literal["float64", "float32"]], Work] = {
    (NUMPY, "float64"): Work(
        trainings=3e-3, iterations=7e-6, layers=4.6e-6, products=7e-11, numbers=3e-10,
        exponentials=1.1e-9, updated=6e-10, gathered=3e-9, orders=3.5e-5, evaluations=1e-5,
        searches=2e-4,
    ),
    (NUMPY, "float32"): Work(
        trainings=3e-3, iterations=7e-6, layers=4.6e-6, products=3.2e-11, numbers=1.3e-10,
        exponentials=8.5e-10, updated=4e-10, gathered=4e-9, orders=2.8e-5, evaluations=1e-5,
        searches=3e-4,
    ),
    (LANES, "float64"): Work(
        trainings=3e-3, iterations=5e-8, layers=9e-8, products=4.4e-11, numbers=1.5e-10,
        exponentials=8.5e-10, updated=4.5e-10, gathered=2.8e-9, orders=1.5e-5, evaluations=3.5e-5,
        searches=0.0,
    ),
    (LANES, "float32"): Work(
        trainings=3e-3, iterations=5e-8, layers=7e-8, products=2.7e-11, numbers=4e-11,
        exponentials=2.8e-10, updated=4.5e-10, gathered=2.4e-9, orders=1.6e-5, evaluations=3.6e-5,
        searches=0.0,
    ),
}  # fmt: skip
"""On one core of an AMD EPYC (Zen 4)."""


class ProcessorTime(NamedTuple):
    """Seconds of one worker for all iterations."""

    calls: float
    """Of what takes as long for many numbers as for few; stacked trainings share it."""
    numbers: float
    """Of what takes longer the more numbers there are."""


def processor_time(config: TrainingConfig, samples: int) -> ProcessorTime:
    """The time of a training; raises `OutOfDomain` if the samples cannot be split."""
    parts = zip(work_of(config, samples), SECONDS[config.arithmetic, config.precision], strict=True)
    seconds = Work(*(count * each for count, each in parts))
    calls = seconds.trainings + seconds.iterations + seconds.layers + seconds.searches
    return ProcessorTime(calls, sum(seconds) - calls)


def work_of(config: TrainingConfig, samples: int) -> Work:
    """Of all iterations; raises `OutOfDomain` if the samples cannot be split."""
    training, validation = config.split_sizes(samples)
    batch = min(config.batch_size or training, training)
    sizes, iterations = config.sizes, config.iterations
    passes: float = iterations
    searches = 0
    if isinstance(config.optimizer, LBFGS):
        passes, searches = LINE_SEARCH_EVALUATIONS * iterations, iterations
    epochs = iterations * batch / training
    watched = validation or (training if config.early_stopping else 0)
    forward, both = epochs * _padded(config, watched), passes * _padded(config, batch)
    weights = sum(d_out * (d_in + 1) for d_in, d_out in pairwise(sizes))
    return Work(
        trainings=1,
        iterations=iterations,
        layers=passes * (len(sizes) - 1),
        products=both * (3 * weights - sizes[1] * (sizes[0] + 1)) + forward * weights,
        numbers=(2 * both + forward) * sum(sizes),
        exponentials=(2 * both + forward) * _curved(config, sizes[1:]),
        updated=iterations * parameter_count(sizes) * (2 + config.optimizer.moments),
        gathered=epochs * training * (sizes[0] + sizes[-1] + 1) if batch < training else 0.0,
        orders=epochs if batch < training else 0.0,
        evaluations=epochs if watched else 0.0,
        searches=searches,
    )


def _padded(config: TrainingConfig, samples: int) -> int:
    """Samples with those that fill the last panel of the kernels."""
    lanes = LANE_BYTES // config.dtype.itemsize if config.arithmetic == LANES else 1
    return -(-samples // lanes) * lanes


def _curved(config: TrainingConfig, widths: Sequence[int]) -> int:
    """Units whose activation or loss has an exponential function."""
    functions = config.activation_functions
    return sum(
        width for width, function in zip(widths, functions, strict=True) if function not in STRAIGHT
    )
