"""Where quantities stand: the paths of /backprop's answer, layers counted from 0 as JSON does."""

from core.errors import Place

INPUT: Place = ("x",)
TARGET: Place = ("y",)
ETA: Place = ("eta",)
LOSS: Place = ("loss",)
LOSSES: Place = ("losses",)
"""E of each sample, where there are several."""
INPUT_GRADIENT: Place = ("x_gradient",)


def at(layer: int, name: str) -> Place:
    """The place of a layer's quantity."""
    return ("layers", layer, name)


def below(layer: int, name: str = "x") -> Place:
    """The place of what the layer receives: x^(0) for the first."""
    return at(layer - 1, name) if layer else INPUT
