"""Parameters to begin with: one entry of `INITIALIZATIONS` is a distribution of weights; b = 0."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from core.arrays import Array
from core.errors import Place, ShapeMismatch, UnknownName, counted
from core.nn.activations import get_activation
from core.nn.layer import Layer

Draw = Callable[[int, int, np.random.Generator], Array]
"""Weights (d_out, d_in) of a layer with d_in inputs and d_out units."""


def _glorot(d_in: int, d_out: int, generator: np.random.Generator) -> Array:
    """w ~ N(0, 2 / (d_in + d_out)), as in Task 6 of docs/exercise-sheet.md.

    Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks,
    AISTATS 2010, equation 12.
    """
    return generator.normal(0.0, np.sqrt(2.0 / (d_in + d_out)), size=(d_out, d_in))


def _he(d_in: int, d_out: int, generator: np.random.Generator) -> Array:
    """w ~ N(0, 2 / d_in), for ReLU (He, Zhang, Ren and Sun, ICCV 2015, equation 10)."""
    return generator.normal(0.0, np.sqrt(2.0 / d_in), size=(d_out, d_in))


def _uniform(d_in: int, d_out: int, generator: np.random.Generator) -> Array:
    """w ~ U(-r, r) with r = √(6 / (d_in + d_out)) (Glorot and Bengio, equation 16)."""
    bound = np.sqrt(6.0 / (d_in + d_out))
    return generator.uniform(-bound, bound, size=(d_out, d_in))


INITIALIZATIONS: dict[str, Draw] = {"glorot": _glorot, "he": _he, "uniform": _uniform}


def initial_layers(
    sizes: Sequence[int],
    activations: str | Sequence[str],
    generator: np.random.Generator,
    initialization: str = "glorot",
) -> tuple[Layer, ...]:
    """Layers for `sizes` = (d^(0), …, d^(L)); one name in `activations` serves all of them.

    Raises `ShapeMismatch` for a size below 1 or when there is not one activation per layer,
    `UnknownName`.
    """
    names = _one_per_layer(activations, sizes)
    if initialization not in INITIALIZATIONS:
        raise UnknownName(
            f"there is no initialization {initialization!r}; there are "
            + ", ".join(INITIALIZATIONS),
            ("architecture", "initialization"),
        )
    draw = INITIALIZATIONS[initialization]
    return tuple(
        Layer(
            weights=draw(d_in, d_out, generator),
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
    require_one_per_layer(names, layers, ("architecture", "activations"))
    return names


def require_one_per_layer(names: Sequence[str], layers: int, place: Place) -> None:
    """Raise `ShapeMismatch` unless there is one activation for each layer."""
    if len(names) != layers:
        raise ShapeMismatch(
            f"got {counted(len(names), 'activation')} for {counted(layers, 'layer')}", place
        )
