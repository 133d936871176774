"""All parameters of a network as one flat vector, and back."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from core.arrays import Array
from core.nn.activations import Activation
from core.nn.layer import Layer


def flatten(layers: Sequence[Layer], dtype: np.dtype | type) -> Array:
    """Layer by layer, each as the rows of [w | b]."""
    return np.concatenate(
        [np.column_stack([layer.weights, layer.biases]).ravel() for layer in layers]
    ).astype(dtype)


def unflatten(
    parameters: Array, sizes: Sequence[int], activations: Sequence[Activation]
) -> tuple[Layer, ...]:
    """The layers whose parameters stand in the vector; copies, so the vector may change."""
    return tuple(
        Layer(matrix[:, :-1].copy(), matrix[:, -1].copy(), activation)
        for matrix, activation in zip(matrices(parameters, sizes), activations, strict=True)
    )


def matrices(vector: Array, sizes: Sequence[int]) -> list[Array]:
    """Views of the vector: [w | b] of each layer, (d_out, d_in + 1).

    Of a stack of vectors, one per network, stacks of matrices.
    """
    ends = np.cumsum([d_out * (d_in + 1) for d_in, d_out in pairwise(sizes)])
    parts = np.split(vector, ends[:-1], axis=-1)
    return [
        part.reshape(*vector.shape[:-1], d_out, d_in + 1)
        for part, (d_in, d_out) in zip(parts, pairwise(sizes), strict=True)
    ]


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of all layers."""
    return sum(d_out * (d_in + 1) for d_in, d_out in pairwise(sizes))
