"""What a trained network is judged by, beside its loss."""

import numpy as np
from jaxtyping import Float

from core.activations import SIGMOID, SOFTMAX, Activation
from core.arrays import Array


def accuracy(
    activation: Activation, output: Float[Array, "samples d"], y: Float[Array, "samples d"]
) -> float | None:
    """The share of samples put into the right class, in [0, 1]; None where there are no classes.

    There are classes when the last layer gives probabilities and y holds only 0 and 1. One output
    says class 1 above ½; of several, the largest names the class.
    """
    if activation not in (SIGMOID, SOFTMAX) or not np.isin(y, (0.0, 1.0)).all():
        return None
    if y.shape[1] == 1:
        return float(np.mean((output > 0.5) == (y == 1.0)))
    if not (y.sum(axis=1) == 1.0).all():
        return None
    return float(np.mean(output.argmax(axis=1) == y.argmax(axis=1)))
