"""Activation functions σ, each with its derivative: one entry of `ACTIVATIONS` is one activation.

An entry says the same thing twice: `value` and `derivative` as a textbook does, and in place for
the training loop (`core.nn.inplace_activations`). The tests hold the two against each other and
against automatic differentiation.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array
from core.errors import UnknownName
from core.nn import inplace_activations
from core.nn.kernels import Kernel


@dataclass(frozen=True, eq=False)
class Activation:
    """σ with everything that the forward and the backward pass ask of it."""

    name: str
    value: Callable[[Array], Array]
    """σ(s), one row per sample; accepts complex s where `analytic`."""
    derivative: Callable[[Array], Array] | None
    """σ′(s); None where σ couples the units of a layer, so that its Jacobian is not diagonal."""
    forward_kernels: Callable[[Array], list[Kernel]]
    """(s,): the calls by which s becomes σ(s), in place."""
    backward_kernels: Callable[[Array, Array, Array], list[Kernel]]
    """(d_x, x, scratch): the calls by which d_x becomes delta, in place."""
    analytic: bool = True
    """Whether the complex step differentiates it: a kink is not analytic."""
    couples_units: bool = False
    """Whether a unit's x depends on the other units of its layer: such a layer can only be last."""

    def vjp(
        self, d_x: Float[Array, "samples d"], s: Float[Array, "samples d"]
    ) -> Float[Array, "samples d"]:
        """Delta = dE/ds from d_x = dE/dx: the transposed Jacobian of σ at s, applied to d_x."""
        if self.derivative is None:
            x = self.value(s)
            return x * (d_x - np.sum(d_x * x, axis=-1, keepdims=True))
        return d_x * self.derivative(s)


def sigmoid(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """σ(s) = 1 / (1 + e^-s), to the last digits also where it is near 0."""
    if np.iscomplexobj(s):
        # What overflows in the complex plane is nan, so only small powers are taken.
        positive = np.real(s) > 0.0
        power = np.exp(np.where(positive, -s, s))
        return np.where(positive, 1.0, power) / (1.0 + power)
    with np.errstate(over="ignore"):  # 1 / (1 + inf) is the 0 that it should be
        return 1.0 / (1.0 + np.exp(-s))


def _sigmoid_slope(s: Array) -> Array:
    # σ(-s) is 1 - σ(s) without its cancellation.
    return sigmoid(s) * sigmoid(-s)


def relu(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """max(s, 0). Its slope at the kink s = 0 is taken as 0, as on the sheet."""
    return np.maximum(s, 0.0)


def _relu_slope(s: Array) -> Array:
    return (s > 0.0).astype(s.dtype)


LEAK = inplace_activations.LEAKY_RELU_SLOPE


def _leaky_relu(s: Array) -> Array:
    return np.where(s > 0.0, s, LEAK * s)


def _leaky_relu_slope(s: Array) -> Array:
    return np.where(s > 0.0, 1.0, LEAK).astype(s.dtype)


def _tanh_slope(s: Array) -> Array:
    return 1.0 - np.tanh(s) ** 2


def _identity(s: Array) -> Array:
    return s.copy()


def softplus(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """log(1 + e^s), without overflow: max(s, 0) + log(1 + e^-|s|)."""
    positive = np.real(s) > 0.0
    return np.where(positive, s, 0.0) + np.log1p(np.exp(np.where(positive, -s, s)))


def softmax(s: Inexact[Array, "*samples d"]) -> Inexact[Array, "*samples d"]:
    """e^s_k / sum over the units j of e^s_j, along the last axis."""
    powers = np.exp(s - np.max(np.real(s), axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


SIGMOID = Activation(
    "sigmoid",
    sigmoid,
    _sigmoid_slope,
    inplace_activations.activate_sigmoid,
    inplace_activations.sigmoid_back,
)
RELU = Activation(
    "relu",
    relu,
    _relu_slope,
    inplace_activations.activate_relu,
    inplace_activations.relu_back,
    analytic=False,
)
TANH = Activation(
    "tanh", np.tanh, _tanh_slope, inplace_activations.activate_tanh, inplace_activations.tanh_back
)
IDENTITY = Activation(
    "identity",
    _identity,
    np.ones_like,
    inplace_activations.activate_identity,
    inplace_activations.identity_back,
)
LEAKY_RELU = Activation(
    "leaky_relu",
    _leaky_relu,
    _leaky_relu_slope,
    inplace_activations.activate_leaky_relu,
    inplace_activations.leaky_relu_back,
    analytic=False,
)
SOFTPLUS = Activation(
    "softplus",
    softplus,
    sigmoid,
    inplace_activations.activate_softplus,
    inplace_activations.softplus_back,
)
SOFTMAX = Activation(
    "softmax",
    softmax,
    None,
    inplace_activations.activate_softmax,
    inplace_activations.softmax_back,
    couples_units=True,
)

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (SIGMOID, RELU, TANH, IDENTITY, LEAKY_RELU, SOFTPLUS, SOFTMAX)
}


def get_activation(name: str) -> Activation:
    """Raise `UnknownName` with the names that there are."""
    if name not in ACTIVATIONS:
        raise UnknownName(f"there is no activation {name!r}; there are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
