"""Parameters to begin with: w ~ N(0, 2 / (d_in + d_out)), b = 0 (the sheet's Task 6).

The variance is that of Glorot and Bengio, Understanding the difficulty of training deep
feedforward neural networks, AISTATS 2010, equation 12.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from core.errors import ShapeMismatch
from core.nn.activations import get_activation
from core.nn.layer import Layer


def initial_layers(
    sizes: Sequence[int], activations: str | Sequence[str], generator: np.random.Generator
) -> tuple[Layer, ...]:
    """Layers for `sizes` = (d^(0), …, d^(L)); one name in `activations` serves all of them.

    Raises `ShapeMismatch` for a size below 1 or when there is not one activation per layer,
    `UnknownName`.
    """
    names = _one_per_layer(activations, sizes)
    return tuple(
        Layer(
            weights=generator.normal(0.0, np.sqrt(2.0 / (d_in + d_out)), size=(d_out, d_in)),
            biases=np.zeros(d_out),
            activation=get_activation(name),
        )
        for (d_in, d_out), name in zip(pairwise(sizes), names, strict=True)
    )


def _one_per_layer(activations: str | Sequence[str], sizes: Sequence[int]) -> Sequence[str]:
    layers = len(sizes) - 1
    if layers < 1:
        raise ShapeMismatch(
            "a network has at least two sizes, its input and one layer", ("architecture", "sizes")
        )
    for number, size in enumerate(sizes):
        if size < 1:
            raise ShapeMismatch(
                f"sizes[{number}] is {size}, but a layer has at least one unit",
                ("architecture", "sizes", number),
            )
    names = [activations] * layers if isinstance(activations, str) else activations
    if len(names) != layers:
        raise ShapeMismatch(
            f"there are {len(names)} activations for {layers} layers",
            ("architecture", "activations"),
        )
    return names
