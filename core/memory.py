"""What a training takes of a worker's memory, before it is begun; in numbers of its precision.

Samples go through in blocks (`core.workspace`), so that what is made of them does not grow with
them; what is kept of each sample does.
"""

from core.activations import LEAKY_RELU, SOFTPLUS
from core.losses import SQUARED
from core.parameters import parameter_count
from core.specification import Specification
from core.workspace import block_size

LABEL_BYTES = 8
"""Of a sample's class, or of its place in the order of an epoch."""


def training_memory(specification: Specification, samples: int) -> int:
    """Bytes that a worker takes for a training on so many samples, itself not counted.

    The data, a copy of them, room for passes and looks, and the checkpoint on its way in and out.
    Raises `OutOfDomain` where the samples cannot be split.
    """
    training, validation = specification.counts(samples)
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


def _batches(specification: Specification, training: int) -> list[int]:
    """The lengths that batches have; none where there is a single one."""
    batch = specification.batch_size or training
    return [batch, training % batch] if batch < training else []


def _workspace(specification: Specification, samples: int) -> int:
    """Of passes on so many samples: room for each length of a block, and what each block keeps."""
    sizes = specification.sizes
    # x^(l) and the ones of it, zeros of that form for ReLU, two deltas and scratch.
    of_block = 2 * sum(sizes[1:]) + len(sizes) + 3 * (max(sizes[1:]) + 1)
    return sum(_lengths(specification, samples)) * of_block + samples * _kept(specification)


def _lengths(specification: Specification, samples: int) -> set[int]:
    """That the blocks of all shards have: neighbours, at most."""
    most = block_size(specification.sizes, specification.dtype.itemsize)
    lengths = set()
    for shard in _cut(samples, specification.data_parallel or 1):
        lengths |= _cut(shard, -(-shard // most))
    return lengths


def _cut(samples: int, parts: int) -> set[int]:
    """The lengths of so many parts as equal as can be, without those that are empty."""
    return {samples // parts, -(-samples // parts)} - {0}


def _kept(specification: Specification) -> int:
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


def _vectors(specification: Specification) -> int:
    """How often there is something of the parameters' length.

    The parameters and moments while they train, the gradient and that of a block; then what
    arrives, what is packed, and what is sent.
    """
    watches = specification.validation_fraction > 0 or specification.early_stopping is not None
    state = 1 + specification.optimizer.moments + watches
    return 4 * state + 2
