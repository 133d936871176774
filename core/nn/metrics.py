"""What a trained network is judged by, beside its loss."""

import numpy as np
from jaxtyping import Float, Int

from core.arrays import Array
from core.nn.activations import SIGMOID, SOFTMAX, Activation


def class_labels(
    activation: Activation, y: Float[Array, "samples d"]
) -> Int[Array, "samples"] | None:
    """The class of each sample, from 0; None where there are no classes.

    There are classes when the last layer gives probabilities and y holds only 0 and 1: one number
    for class 0 or 1, or several of which one is 1 and names the class.
    """
    if activation not in (SIGMOID, SOFTMAX) or not np.isin(y, (0.0, 1.0)).all():
        return None
    if y.shape[1] > 1 and not (y.sum(axis=1) == 1.0).all():
        return None
    return predicted_classes(y)


def predicted_classes(output: Float[Array, "samples d"]) -> Int[Array, "samples"]:
    """The class of each sample: of one output 1 above ½, of several the largest."""
    if output.shape[1] == 1:
        return (output[:, 0] > 0.5).astype(np.intp)
    return output.argmax(axis=1)


def accuracy(
    activation: Activation, output: Float[Array, "samples d"], y: Float[Array, "samples d"]
) -> float | None:
    """The share of samples put into the right class, in [0, 1]; None where there are no classes."""
    right = class_labels(activation, y)
    return None if right is None else accuracy_score(output, right)


def accuracy_score(output: Float[Array, "samples d"], right: Int[Array, "samples"]) -> float:
    """The share of samples whose predicted class is the right one, in [0, 1]."""
    return count_correct(output, right) / len(right)


def count_correct(output: Float[Array, "samples d"], right: Int[Array, "samples"]) -> int:
    """The number of samples whose predicted class is the right one."""
    return int(np.count_nonzero(predicted_classes(output) == right))
