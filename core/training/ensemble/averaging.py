"""Several networks of one architecture as a single network that gives the mean of theirs."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.nn.layer import Layer


def averaged_network(networks: Sequence[Sequence[Layer]]) -> tuple[Layer, ...]:
    """Layers beside one another: s of the last layer is the mean over the networks.

    Hidden layers are block-diagonal, w^(l) = diag(w₁^(l), …, w_k^(l)), and the last is
    w^(L) = (w₁^(L), …, w_k^(L)) / k, b^(L) the mean of theirs. With the identity the output is the
    mean of the outputs; with sigmoid and softmax it is their normalized geometric mean.
    """
    depth = len(networks[0])
    return tuple(
        _beside([layers[number] for layers in networks], number == 0, number == depth - 1)
        for number in range(depth)
    )


def merged_sizes(sizes: Sequence[int], networks: int) -> tuple[int, ...]:
    """The sizes of the network that averages `networks` networks."""
    return (sizes[0], *(networks * size for size in sizes[1:-1]), sizes[-1])


def _beside(layers: Sequence[Layer], is_first: bool, is_last: bool) -> Layer:
    weights = [layer.weights for layer in layers]
    biases = [layer.biases for layer in layers]
    activation, kind = layers[0].activation, layers[0].weights.dtype
    if is_last:
        merged = np.mean(weights, axis=0) if is_first else np.hstack(weights) / len(layers)
        return Layer(merged.astype(kind), np.mean(biases, axis=0).astype(kind), activation)
    merged = np.vstack(weights) if is_first else _block_diagonal(weights)
    return Layer(merged, np.concatenate(biases), activation)


def _block_diagonal(blocks: Sequence[Array]) -> Array:
    rows, columns = blocks[0].shape
    merged = np.zeros((rows * len(blocks), columns * len(blocks)), blocks[0].dtype)
    for number, block in enumerate(blocks):
        merged[number * rows : (number + 1) * rows, number * columns : (number + 1) * columns] = (
            block
        )
    return merged
