"""What a computation costs before it is begun, in floating-point operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.nn.activations import LEAKY_RELU, SOFTPLUS
from core.nn.losses import SQUARED
from core.nn.parameters import parameter_count as parameter_count
from core.training.compute.blocked_passes import block_size
from core.training.config import TrainingConfig

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
    """What a worker takes at most; see `core.cost`."""
    shards: int
    """Calls that make an iteration, all at once; 0 where one worker trains alone."""
    exchanged_bytes: int
    """What goes to other workers and comes back in an iteration: parameters and gradients."""


def training_cost(specification: TrainingConfig, samples: int) -> TrainingCost:
    """Price a training on so many samples; raises `OutOfDomain` where they cannot be split."""
    training, validation = specification.split_sizes(samples)
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


LABEL_BYTES = 8
"""Of a sample's class, or of its place in the order of an epoch."""


def training_memory(specification: TrainingConfig, samples: int) -> int:
    """Bytes that a worker takes for a training on so many samples, itself not counted.

    The data, a copy of them, room for passes and looks, and the checkpoint on its way in and out.
    Raises `OutOfDomain` where the samples cannot be split.
    """
    training, validation = specification.split_sizes(samples)
    d_in, d_out = specification.sizes[0], specification.sizes[-1]
    row = d_in + 1 + d_out
    batches = _batches(specification, training)
    parts = [part for part in (training, validation, *batches) if part]
    passes = sum(_workspace(specification, part) for part in parts)
    looks = 2 * max(training, validation) * d_out
    numbers = (
        2 * samples * row
        # Rows are gathered before there is room for passes.
        + max(training * d_in, passes + looks)
        + sum(batches) * row
        + _vectors(specification) * parameter_count(specification.sizes)
    )
    return numbers * specification.dtype.itemsize + 3 * samples * LABEL_BYTES


def _batches(specification: TrainingConfig, training: int) -> list[int]:
    """The lengths that batches have; none where there is a single one."""
    batch = specification.batch_size or training
    return [batch, training % batch] if batch < training else []


def _workspace(specification: TrainingConfig, samples: int) -> int:
    """Of passes on so many samples: room for each length of a block, and what each block keeps."""
    sizes = specification.sizes
    # x^(l) and the ones of it, zeros of that form for ReLU, two deltas and scratch.
    of_block = 2 * sum(sizes[1:]) + len(sizes) + 3 * (max(sizes[1:]) + 1)
    return sum(_lengths(specification, samples)) * of_block + samples * _kept(specification)


def _lengths(specification: TrainingConfig, samples: int) -> set[int]:
    """That the blocks of all shards have: neighbours, at most."""
    most = block_size(specification.sizes, specification.dtype.itemsize)
    lengths = set()
    for shard in _cut(samples, specification.data_parallel or 1):
        lengths |= _cut(shard, -(-shard // most))
    return lengths


def _cut(samples: int, parts: int) -> set[int]:
    """The lengths of so many parts as equal as can be, without those that are empty."""
    return {samples // parts, -(-samples // parts)} - {0}


def _kept(specification: TrainingConfig) -> int:
    """Numbers that every pass keeps for a sample to itself, whichever block it is in."""
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
    """How often there is something of the parameters' length.

    The parameters and moments while they train, the gradient and that of a block; then what
    arrives, what is packed, and what is sent.
    """
    watches = specification.validation_fraction > 0 or specification.early_stopping is not None
    state = 1 + specification.optimizer.moments + watches
    return 4 * state + 2
