"""What a computation costs before it is begun, in floating-point operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.memory import training_memory
from core.parameters import parameter_count as parameter_count
from core.specification import Specification

# An activation costs about as much as so many multiplications (tanh in NumPy, float64).
ACTIVATION_OPERATIONS = 20


def forward_operations(sizes: Sequence[int], samples: int) -> int:
    """One forward pass: a multiplication and an addition per weight and sample, and the σ."""
    products = sum(2 * (d_in + 1) * d_out for d_in, d_out in pairwise(sizes))
    return samples * (products + ACTIVATION_OPERATIONS * sum(sizes[1:]))


def backprop_operations(sizes: Sequence[int], samples: int) -> int:
    """Forward and backward: three products of the forward pass's size."""
    return 3 * forward_operations(sizes, samples)


def trace_numbers(sizes: Sequence[int], samples: int) -> int:
    """Numbers in s and x of all layers."""
    return 2 * samples * sum(sizes[1:])


@dataclass(frozen=True)
class TrainingCost:
    """Of all iterations; early stopping may save some."""

    iterations: int
    operations: int
    memory_bytes: int
    """What a worker takes at most; see `core.memory`."""
    shards: int
    """Calls that make an iteration, all at once; 0 where one worker trains alone."""
    exchanged_bytes: int
    """What goes to other workers and comes back in an iteration: parameters and gradients."""


def training_cost(specification: Specification, samples: int) -> TrainingCost:
    """Price a training on so many samples; raises `OutOfDomain` where they cannot be split."""
    training, validation = specification.counts(samples)
    batch = min(specification.batch_size or training, training)
    parameters = parameter_count(specification.sizes)
    step = backprop_operations(specification.sizes, batch)
    shards = specification.data_parallel or 0
    step += (2 + shards + 6 * specification.optimizer.moments) * parameters
    epochs = specification.iterations * batch / training
    watched = validation or (training if specification.early_stopping else 0)
    return TrainingCost(
        iterations=specification.iterations,
        operations=specification.iterations * step
        + int(epochs * forward_operations(specification.sizes, watched)),
        memory_bytes=training_memory(specification, samples),
        shards=shards,
        exchanged_bytes=2 * shards * parameters * specification.dtype.itemsize,
    )
