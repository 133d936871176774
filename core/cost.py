"""What a computation costs before it is begun, in floating-point operations."""

from collections.abc import Sequence
from itertools import pairwise

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


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of all layers."""
    return sum(d_out * (d_in + 1) for d_in, d_out in pairwise(sizes))
