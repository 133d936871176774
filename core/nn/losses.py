"""Losses E(ŷ, y): one entry of `LOSSES` is one loss.

`value` and `gradient` are the textbook's, one row per sample. A loss with logarithms has an
activation under which both are computed from s without overflow: its canonical partner (McCullagh
and Nelder, Generalized Linear Models, 1989, section 2.2.4), for which delta is simply ŷ - y.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array
from core.errors import OutOfDomain, Place, UnknownName
from core.nn.activations import SIGMOID, SOFTMAX, Activation, softplus


@dataclass(frozen=True, eq=False)
class CanonicalLink:
    """A loss together with the activation that undoes its logarithm."""

    activation: Activation
    value: Callable[[Array, Array], Array]
    """E of each sample from (s, y) of the last layer."""
    delta: Callable[[Array, Array], Array]
    """dE/ds of the last layer from (ŷ, y)."""


@dataclass(frozen=True, eq=False)
class Loss:
    """E of each sample and its derivative by ŷ; averaging is the caller's business."""

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    bounds: tuple[float, float] = (-np.inf, np.inf)
    """The closed interval in which every number of ŷ and of y has to lie."""
    canonical: CanonicalLink | None = None

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


def _squared(output: Inexact[Array, "*stack samples d"], y: Float[Array, "samples d"]) -> Array:
    return 0.5 * np.sum((output - y) ** 2, axis=-1)


def _times_log(y: Array, x: Array) -> Array:
    # y log x is 0 for y = 0, also where log x is not finite.
    return np.where(y == 0.0, 0.0, y * np.log(np.where(y == 0.0, 1.0, x)))


def _over(y: Array, x: Array) -> Array:
    return np.where(y == 0.0, 0.0, y / np.where(y == 0.0, 1.0, x))


def _binary_cross_entropy(output: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, output) + _times_log(1.0 - y, 1.0 - output), axis=-1)


def _binary_cross_entropy_gradient(output: Array, y: Array) -> Array:
    return _over(1.0 - y, 1.0 - output) - _over(y, output)


def _binary_cross_entropy_of_s(s: Array, y: Array) -> Array:
    # -y log σ(s) - (1 - y) log σ(-s), with -log σ(-s) = softplus(s).
    return np.sum(y * softplus(-s) + (1.0 - y) * softplus(s), axis=-1)


def _cross_entropy(output: Array, y: Array) -> Array:
    return -np.sum(_times_log(y, output), axis=-1)


def _cross_entropy_gradient(output: Array, y: Array) -> Array:
    return -_over(y, output)


def _cross_entropy_of_s(s: Array, y: Array) -> Array:
    shifted = s - np.max(np.real(s), axis=-1, keepdims=True)
    log_softmax = shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
    return -np.sum(y * log_softmax, axis=-1)


def _cross_entropy_delta(output: Array, y: Array) -> Array:
    # ŷ - y where the numbers of y sum to 1, as those of a distribution do.
    return output * np.sum(y, axis=-1, keepdims=True) - y


SQUARED = Loss("squared", _squared, np.subtract)
BINARY_CROSS_ENTROPY = Loss(
    "binary_cross_entropy",
    _binary_cross_entropy,
    _binary_cross_entropy_gradient,
    bounds=(0.0, 1.0),
    canonical=CanonicalLink(SIGMOID, _binary_cross_entropy_of_s, np.subtract),
)
CROSS_ENTROPY = Loss(
    "cross_entropy",
    _cross_entropy,
    _cross_entropy_gradient,
    bounds=(0.0, np.inf),
    canonical=CanonicalLink(SOFTMAX, _cross_entropy_of_s, _cross_entropy_delta),
)

LOSSES: dict[str, Loss] = {
    loss.name: loss for loss in (SQUARED, BINARY_CROSS_ENTROPY, CROSS_ENTROPY)
}


def get_loss(name: str) -> Loss:
    """Raise `UnknownName` with the names that there are."""
    if name not in LOSSES:
        raise UnknownName(f"there is no loss {name!r}; there are {', '.join(LOSSES)}", ("loss",))
    return LOSSES[name]


def sample_losses(
    loss: Loss,
    activation: Activation,
    s: Inexact[Array, "*stack samples d"],
    output: Inexact[Array, "*stack samples d"],
    y: Float[Array, "samples d"],
) -> Inexact[Array, "*stack samples"]:
    """E of each sample, from s where that is the stable way, from ŷ otherwise."""
    if loss.canonical is not None and loss.canonical.activation is activation:
        return loss.canonical.value(s, y)
    return loss.value(output, y)


def output_delta(
    loss: Loss,
    activation: Activation,
    s: Float[Array, "samples d"],
    output: Float[Array, "samples d"],
    y: Float[Array, "samples d"],
) -> Float[Array, "samples d"]:
    """Delta of the last layer: the stable form where there is one, dE/dŷ pulled back otherwise."""
    if loss.canonical is not None and loss.canonical.activation is activation:
        return loss.canonical.delta(output, y)
    return activation.vjp(loss.gradient(output, y), s)
