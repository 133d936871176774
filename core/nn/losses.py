"""Losses E(ŷ, y): one entry of `LOSSES` is one loss.

`value` and `gradient` are the textbook formulas in ŷ, one row per sample. `value_of_s` and `delta`
are the same from s of the last layer: log σ(s) is finite where ŷ = σ(s) has underflowed, and
σ(s) - y has its digits where ŷ rounds to y. What is computed with a network uses the latter two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array
from core.errors import OutOfDomain, Place, UnknownName
from core.nn.activations import ACTIVATIONS, SIGMOID, Activation, softmax
from core.nn.elementary.functions import is_largest, sum_of_others


@dataclass(frozen=True, eq=False)
class Loss:
    """E of each sample and its derivatives; averaging is left to the caller."""

    name: str
    value: Callable[[Array, Array], Array]
    """E of each sample from (ŷ, y)."""
    gradient: Callable[[Array, Array], Array]
    """∂E/∂ŷ from (ŷ, y)."""
    value_of_s: Callable[[Activation, Array, Array], Array]
    """E of each sample from (σ, s, y) of the last layer; accepts complex s."""
    delta: Callable[[Activation, Array, Array], Array]
    """∂E/∂s from (σ, s, y) of the last layer."""
    bounds: tuple[float, float] = (-np.inf, np.inf)
    """The closed interval in which every number of ŷ and of y has to lie."""

    def require_domain(self, numbers: Array, name: str, place: Place = ()) -> None:
        """Raise `OutOfDomain` with the first number outside `bounds`, where E is undefined."""
        low, high = self.bounds
        outside = (numbers < low) | (numbers > high)
        if outside.any():
            index = np.unravel_index(int(np.argmax(outside)), numbers.shape)
            raise OutOfDomain(
                f"{self.name} needs every number of {name} in [{low:g}, {high:g}], "
                f"but {name}[{', '.join(map(str, index))}] is {numbers[index]:.6g}",
                place,
            )

    def require_range(self, activation: Activation, place: Place = ()) -> None:
        """Raise `OutOfDomain` where that σ of the last layer can leave `bounds`."""
        low, high = self.bounds
        if not (low <= activation.range[0] and activation.range[1] <= high):
            fitting = [
                name
                for name, other in ACTIVATIONS.items()
                if low <= other.range[0] and other.range[1] <= high
            ]
            raise OutOfDomain(
                f"{self.name} needs every output in [{low:g}, {high:g}], which {activation.name} "
                f"can leave; end the network with {' or '.join(fitting)}",
                place,
            )


def _squared(output: Inexact[Array, "*stack samples d"], y: Float[Array, "samples d"]) -> Array:
    return 0.5 * np.sum((output - y) ** 2, axis=-1)


def _times(y: Array, factor: Array) -> Array:
    # y · factor is 0 for y = 0, also where the factor is not finite.
    return np.where(y == 0.0, 0.0, y * factor)


def _times_log(y: Array, x: Array) -> Array:
    return np.where(y == 0.0, 0.0, y * np.log(np.where(y == 0.0, 1.0, x)))


def _over(y: Array, x: Array) -> Array:
    return np.where(y == 0.0, 0.0, y / np.where(y == 0.0, 1.0, x))


def _binary_cross_entropy(output: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, output) + _times_log(1.0 - y, 1.0 - output), axis=-1)


def _binary_cross_entropy_gradient(output: Array, y: Array) -> Array:
    return _over(1.0 - y, 1.0 - output) - _over(y, output)


def _binary_cross_entropy_of_s(activation: Activation, s: Array, y: Array) -> Array:
    logs = activation.logs
    terms = _times(y, logs.log(s)) + _times(1.0 - y, logs.log_complement(s))
    return -np.sum(terms, axis=-1)


def _binary_cross_entropy_delta(activation: Activation, s: Array, y: Array) -> Array:
    logs = activation.logs
    if activation is SIGMOID:
        return SIGMOID.residual(s, y)
    if logs.log_derivative is None or logs.complement_derivative is None:
        return _binary_cross_entropy_delta_of_softmax(activation, s, y)
    falling = _times(1.0 - y, logs.complement_derivative(s))
    return falling - _times(y, logs.log_derivative(s))


def _binary_cross_entropy_delta_of_softmax(activation: Activation, s: Array, y: Array) -> Array:
    # With r = x - y, δ_k = r_k - x_k Σ_{i ≠ k} r_i / (1 - x_i). Only the largest unit's 1 - x_m may
    # underflow; x_k / (1 - x_m) is the softmax of the other units.
    if s.shape[-1] == 1:
        return np.zeros_like(s)
    largest = is_largest(s)
    x, residual = activation.value(s), activation.residual(s, y)
    quotients = np.where(largest, 0.0, residual / sum_of_others(x))
    shares = softmax(np.where(largest, -np.inf, s))
    of_largest = np.sum(np.where(largest, residual, 0.0), axis=-1, keepdims=True)
    return residual - x * sum_of_others(quotients) - shares * of_largest


def _cross_entropy(output: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, output), axis=-1)


def _cross_entropy_gradient(output: Array, y: Array) -> Array:
    return -_over(y, output)


def _cross_entropy_of_s(activation: Activation, s: Array, y: Array) -> Array:
    return -np.sum(_times(y, activation.logs.log(s)), axis=-1)


def _cross_entropy_delta(activation: Activation, s: Array, y: Array) -> Array:
    if activation.logs.log_derivative is None:
        # x Σy - y, which is x - y where the numbers of y sum to 1; of a single class, whose x may
        # round to 1, without the subtraction.
        x, total = activation.value(s), np.sum(y, axis=-1, keepdims=True)
        return np.where(y == total, -y * sum_of_others(x), x * total - y)
    return -_times(y, activation.logs.log_derivative(s))


SQUARED = Loss(
    "squared",
    _squared,
    np.subtract,
    lambda activation, s, y: 0.5 * np.sum(activation.residual(s, y) ** 2, axis=-1),
    lambda activation, s, y: activation.vjp(activation.residual(s, y), s),
)
SQUARED_SUM = Loss(
    "squared_sum",
    lambda output, y: 2.0 * _squared(output, y),
    lambda output, y: 2.0 * (output - y),
    lambda activation, s, y: np.sum(activation.residual(s, y) ** 2, axis=-1),
    lambda activation, s, y: activation.vjp(2.0 * activation.residual(s, y), s),
)
"""The squared error without ½, as many books have it."""
MEAN_SQUARED = Loss(
    "mean_squared",
    lambda output, y: 2.0 / y.shape[-1] * _squared(output, y),
    lambda output, y: 2.0 / y.shape[-1] * (output - y),
    lambda activation, s, y: np.mean(activation.residual(s, y) ** 2, axis=-1),
    lambda activation, s, y: activation.vjp(2.0 / y.shape[-1] * activation.residual(s, y), s),
)
"""The mean of the squares over the outputs."""
BINARY_CROSS_ENTROPY = Loss(
    "binary_cross_entropy",
    _binary_cross_entropy,
    _binary_cross_entropy_gradient,
    _binary_cross_entropy_of_s,
    _binary_cross_entropy_delta,
    bounds=(0.0, 1.0),
)
CROSS_ENTROPY = Loss(
    "cross_entropy",
    _cross_entropy,
    _cross_entropy_gradient,
    _cross_entropy_of_s,
    _cross_entropy_delta,
    bounds=(0.0, np.inf),
)

OUTPUT_ITSELF = Loss(
    "none",
    lambda output, y: np.sum(output, axis=-1),
    lambda output, y: np.ones_like(output),
    lambda activation, s, y: np.sum(activation.value(s), axis=-1),
    lambda activation, s, y: activation.vjp(np.ones_like(s), s),
)
"""No loss: E is the only output, whatever y."""
PERCEPTRON = Loss(
    "perceptron",
    lambda output, y: np.full(len(output), np.nan),
    lambda output, y: np.full_like(output, np.nan),
    lambda activation, s, y: np.sum((activation.value(s) - y) * s, axis=-1),
    lambda activation, s, y: activation.value(s) - y,
    bounds=(0.0, 1.0),
)
"""The perceptron criterion Σ (ŷ - y) s of the step function; it depends on s, not on ŷ alone.

Its δ = ŷ - y gives the perceptron rule (Bishop, Pattern Recognition and Machine Learning, 2006,
section 4.1.7).
"""

LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (SQUARED, BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED_SUM, MEAN_SQUARED)
}


BY_HAND_ONLY: dict[str, Loss] = {loss.name: loss for loss in (OUTPUT_ITSELF, PERCEPTRON)}
"""What is computed on paper and not trained."""


@cache
def weighted(loss: Loss) -> Loss:
    """w E of each sample; y has its weight w behind the targets."""
    return Loss(
        loss.name,
        lambda output, y: y[..., -1] * loss.value(output, y[..., :-1]),
        lambda output, y: y[..., -1:] * loss.gradient(output, y[..., :-1]),
        lambda activation, s, y: y[..., -1] * loss.value_of_s(activation, s, y[..., :-1]),
        lambda activation, s, y: y[..., -1:] * loss.delta(activation, s, y[..., :-1]),
        loss.bounds,
    )


def get_loss(name: str) -> Loss:
    """Raise `UnknownName` with the names of the table."""
    if name in BY_HAND_ONLY:
        return BY_HAND_ONLY[name]
    if name not in LOSSES:
        raise UnknownName(f"there is no loss {name!r}; there are {', '.join(LOSSES)}", ("loss",))
    return LOSSES[name]
