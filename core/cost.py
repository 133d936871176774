"""Cost estimates: floating-point operations and memory of a computation."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.nn.activations import LEAKY_RELU, SOFTPLUS
from core.nn.inplace_activations import ACTIVATION_OPERATIONS
from core.nn.losses import SQUARED
from core.nn.parameters import parameter_count as parameter_count
from core.training.compute.blocked_passes import block_size
from core.training.config import TrainingConfig
from core.training.updates.lbfgs import LBFGS
from core.training_time import LINE_SEARCH_EVALUATIONS, ProcessorTime, processor_time


def forward_operations(sizes: Sequence[int], samples: int) -> int:
    """Operations of a forward pass: two per weight and sample, plus the activations."""
    products = sum(2 * (d_in + 1) * d_out for d_in, d_out in pairwise(sizes))
    return samples * (products + ACTIVATION_OPERATIONS * sum(sizes[1:]))


def backprop_operations(sizes: Sequence[int], samples: int) -> int:
    """Operations of forward pass and backpropagation: three products of the same size."""
    return 3 * forward_operations(sizes, samples)


def trace_numbers(sizes: Sequence[int], samples: int) -> int:
    """How many numbers s and x of all layers have."""
    return 2 * samples * sum(sizes[1:])


@dataclass(frozen=True)
class TrainingCost:
    """Upper bounds for all iterations; early stopping may need fewer."""

    iterations: int
    operations: int
    memory_bytes: int
    """Peak memory of a worker, see `training_memory`."""
    shards: int
    """Parallel calls per iteration; 0 without data parallelism."""
    exchanged_bytes: int
    """Bytes of parameters and gradients exchanged with workers per iteration."""
    time: ProcessorTime
    """Of all shards."""


def training_cost(specification: TrainingConfig, samples: int) -> TrainingCost:
    """Estimate the cost of a training; raises `OutOfDomain` if the samples cannot be split."""
    training, validation = specification.split_sizes(samples)
    batch = min(specification.batch_size or training, training)
    parameters = parameter_count(specification.sizes)
    step = backprop_operations(specification.sizes, batch)
    shards = specification.data_parallel or 0
    step += (2 + shards + 6 * specification.optimizer.moments) * parameters
    if isinstance(specification.optimizer, LBFGS):
        step *= LINE_SEARCH_EVALUATIONS
    epochs = specification.iterations * batch / training
    watched = validation or (training if specification.is_watched else 0)
    return TrainingCost(
        iterations=specification.iterations,
        operations=specification.iterations * step
        + int(epochs * forward_operations(specification.sizes, watched)),
        memory_bytes=training_memory(specification, samples),
        shards=shards,
        exchanged_bytes=2 * shards * parameters * specification.dtype.itemsize,
        time=processor_time(specification, samples),
    )


LABEL_BYTES = 8
"""Of the class label of a sample, and of its index in the order of an epoch."""


def training_memory(specification: TrainingConfig, samples: int) -> int:
    """Peak bytes of a training in a worker, beyond those of the idle process.

    The data and a copy, buffers of passes and evaluations, and the checkpoint while it is received
    and sent. Raises `OutOfDomain` if the samples cannot be split.
    """
    training, validation = specification.split_sizes(samples)
    d_in, d_out = specification.sizes[0], specification.sizes[-1]
    row = d_in + 1 + d_out
    batches = _batches(specification, training)
    parts = [part for part in (training, validation, *batches) if part]
    passes = sum(_workspace(specification, part) for part in parts)
    outputs = 2 * max(training, validation) * d_out
    numbers = (
        2 * samples * row
        # Rows are gathered before the buffers of passes are allocated.
        + max(training * d_in, passes + outputs)
        + sum(batches) * row
        + _vectors(specification) * parameter_count(specification.sizes)
    )
    if specification.scaling is not None:  # scaled in float64, then in the precision
        numbers += 4 * samples * (d_in + d_out)
    return numbers * specification.dtype.itemsize + 3 * samples * LABEL_BYTES


def _batches(specification: TrainingConfig, training: int) -> list[int]:
    """The lengths of mini-batches; empty for a full batch."""
    batch = specification.batch_size or training
    return [batch, training % batch] if batch < training else []


def _workspace(specification: TrainingConfig, samples: int) -> int:
    """Numbers in the buffers of passes: one set per block length, and what each block keeps."""
    sizes = specification.sizes
    # x^(l) with its column of ones, zeros of the same shape for ReLU, two deltas, scratch.
    of_block = 2 * sum(sizes[1:]) + len(sizes) + 3 * (max(sizes[1:]) + 1)
    return sum(_lengths(specification, samples)) * of_block + samples * _kept(specification)


def _lengths(specification: TrainingConfig, samples: int) -> set[int]:
    """The block lengths of all shards; at most two that differ by one."""
    most = block_size(specification.sizes, specification.dtype.itemsize)
    lengths = set()
    for shard in _cut(samples, specification.data_parallel or 1):
        lengths |= _cut(shard, -(-shard // most))
    return lengths


def _cut(samples: int, parts: int) -> set[int]:
    """The lengths of `parts` parts that are as equal as possible, without empty ones."""
    return {samples // parts, -(-samples // parts)} - {0}


def _kept(specification: TrainingConfig) -> int:
    """Numbers that a pass keeps per sample."""
    d_out = specification.sizes[-1]
    spare = sum(
        units
        for units, activation in zip(
            specification.sizes[1:], specification.activation_functions, strict=True
        )
        if activation in (LEAKY_RELU, SOFTPLUS)
    )
    return spare + (d_out if specification.loss_function is SQUARED else 2 * d_out + 4)


def _vectors(specification: TrainingConfig) -> int:
    """How many vectors of the parameters' length exist at the peak.

    Parameters, moments, gradient and gradient of a block while training; then the received, the
    packed and the sent checkpoint; of a watched training also the network of the last iteration.
    """
    watches = specification.is_watched
    state = 1 + specification.optimizer.moments + watches
    return 4 * state + 2 + watches
