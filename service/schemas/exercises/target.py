"""The target y, and what is computed without one."""

import numpy as np

from core.errors import OutOfDomain, ShapeMismatch
from core.neural_network import NeuralNetwork
from core.nn.activations import FORWARD_ONLY
from service.schemas.exercises.conventions import ConventionsSchema


def target(
    y: np.ndarray | None,
    loss: str,
    conventions: ConventionsSchema,
    network: NeuralNetwork,
    x: np.ndarray,
) -> np.ndarray:
    """Y as it was sent; zeros of its shape, which change nothing, where the loss is none.

    Raises `ShapeMismatch` where a loss has no y, and `OutOfDomain` where y, a sign of y - ŷ or
    several outputs make no sense without a loss.
    """
    if loss != "none":
        if y is None:
            raise ShapeMismatch(
                'this key is missing; "loss": "none" gives the gradient of the output itself',
                ("y",),
            )
        return y
    if y is not None:
        raise OutOfDomain("without a loss there is no target: leave y out", ("y",))
    if conventions.delta == "error":
        raise OutOfDomain(
            "without a loss there is no error y - ŷ whose sign δ could have",
            ("conventions", "delta"),
        )
    outputs = network.sizes[-1]
    if outputs != 1:
        raise OutOfDomain(
            f"the gradient of the output itself needs one output, but the network has {outputs}; "
            "choose a loss, or leave the other units of the last layer out",
            ("network", "layers", len(network.layers) - 1),
        )
    return np.zeros((*np.shape(x)[:-1], 1))


def require_perceptron(network: NeuralNetwork) -> None:
    """Raise `OutOfDomain` unless the last layer, and no other, has the step function."""
    for number, layer in enumerate(network.layers):
        is_last = number == len(network.layers) - 1
        if is_last != (layer.activation.name in FORWARD_ONLY):
            raise OutOfDomain(
                f"layer {number + 1} has {layer.activation.name}; the perceptron rule is for a "
                "network with step in its last layer and in no other",
                ("network", "layers", number, "activation"),
            )
