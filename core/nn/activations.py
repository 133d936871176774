"""Activation functions σ, each with its derivative: one entry of `ACTIVATIONS` is one activation.

An entry has two implementations: `value` and `derivative` as in a textbook, and in-place kernels
for the training loop (`core.nn.inplace_activations`). The tests compare them with each other, with
automatic differentiation and with mpmath.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array
from core.errors import UnknownName
from core.nn import inplace_activations
from core.nn.elementary.functions import at_largest, sech_squared, sigmoid, softplus, sum_of_others
from core.nn.elementary.log_forms import (
    SIGMOID_LOGS,
    SOFTMAX_LOGS,
    SOFTPLUS_LOGS,
    TANH_LOGS,
    LogForms,
)
from core.nn.kernels import Kernel


@dataclass(frozen=True, eq=False)
class Activation:
    """σ with everything that the forward and the backward pass need."""

    name: str
    value: Callable[[Array], Array]
    """σ(s), one row per sample; accepts complex s, with the branch of its real part at a kink."""
    derivative: Callable[[Array], Array] | None
    """σ′(s); None where σ couples the units of a layer, so that its Jacobian is not diagonal."""
    forward_kernels: Callable[[Array], list[Kernel]]
    """(s,): kernels that replace s by σ(s) in place."""
    backward_kernels: Callable[[Array, Array, Array], list[Kernel]]
    """(d_x, x, scratch): kernels that replace d_x by delta in place."""
    logs: LogForms
    """log σ and log(1 - σ), for losses with logarithms."""
    range: tuple[float, float] = (-np.inf, np.inf)
    """The closed interval of all σ(s)."""
    saturated_residual: Callable[[Array, Array], Array] | None = None
    """(s, y): σ(s) - y, accurate where y is the end of the range at which σ saturates."""
    analytic: bool = True
    """Whether σ is smooth; otherwise it has a kink at s = 0."""
    couples_units: bool = False
    """Whether a unit's x depends on the other units of its layer: such a layer can only be last."""

    def vjp(
        self, d_x: Float[Array, "samples d"], s: Float[Array, "samples d"]
    ) -> Float[Array, "samples d"]:
        """Delta = dE/ds from d_x = dE/dx: the transposed Jacobian of σ at s, applied to d_x."""
        if self.derivative is not None:
            return d_x * self.derivative(s)
        # x_k Σ x_j (d_k - d_j), relative to the largest unit: a saturated layer loses no digits.
        x = self.value(s)
        relative = d_x - at_largest(d_x, x)
        return x * (relative - np.sum(relative * x, axis=-1, keepdims=True))

    def residual(
        self, s: Inexact[Array, "*stack samples d"], y: Float[Array, "samples d"]
    ) -> Inexact[Array, "*stack samples d"]:
        """σ(s) - y, without cancellation where y is an end of the range."""
        if self.saturated_residual is not None:
            return self.saturated_residual(s, y)
        return self.value(s) - y


def _sigmoid_derivative(s: Array) -> Array:
    # σ(-s) is 1 - σ(s) without its cancellation.
    return sigmoid(s) * sigmoid(-s)


def _sigmoid_residual(s: Array, y: Array) -> Array:
    return np.where(y == 1.0, -sigmoid(-s), sigmoid(s) - y)


def relu(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """max(s, 0); its derivative at the kink s = 0 is 0, as in docs/exercise-sheet.md."""
    return np.where(np.real(s) > 0.0, s, 0.0)


def _relu_derivative(s: Array) -> Array:
    return (s > 0.0).astype(s.dtype)


LEAK = inplace_activations.LEAKY_RELU_SLOPE


def leaky_relu(leak: float = LEAK) -> Activation:
    """The leaky ReLU with another slope `leak` in [0, 1) for s ≤ 0."""

    def value(s: Array) -> Array:
        return np.where(np.real(s) > 0.0, s, leak * s)

    def derivative(s: Array) -> Array:
        return np.where(s > 0.0, 1.0, leak).astype(s.dtype)

    return Activation(
        "leaky_relu",
        value,
        derivative,
        partial(inplace_activations.activate_leaky_relu, slope=leak),
        partial(inplace_activations.leaky_relu_back, slope=leak),
        logs=LogForms.of(value, derivative),
        analytic=False,
    )


def _step(s: Array) -> Array:
    return (np.real(s) >= 0.0).astype(s.dtype)


def _tanh_residual(s: Array, y: Array) -> Array:
    # 1 - tanh s = 2 σ(-2s), with the digits that the subtraction would lose.
    below_one, above_minus_one = 2.0 * sigmoid(-2.0 * s), 2.0 * sigmoid(2.0 * s)
    residual = np.where(y == 1.0, -below_one, np.tanh(s) - y)
    return np.where(y == -1.0, above_minus_one, residual)


def _identity(s: Array) -> Array:
    return s.copy()


def softmax(s: Inexact[Array, "*samples d"]) -> Inexact[Array, "*samples d"]:
    """e^s_k / sum over the units j of e^s_j, along the last axis."""
    powers = np.exp(s - at_largest(s, s))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def _softmax_residual(s: Array, y: Array) -> Array:
    x = softmax(s)
    return np.where(y == 1.0, -sum_of_others(x), x - y)


SIGMOID = Activation(
    "sigmoid",
    sigmoid,
    _sigmoid_derivative,
    inplace_activations.activate_sigmoid,
    inplace_activations.sigmoid_back,
    logs=SIGMOID_LOGS,
    range=(0.0, 1.0),
    saturated_residual=_sigmoid_residual,
)
RELU = Activation(
    "relu",
    relu,
    _relu_derivative,
    inplace_activations.activate_relu,
    inplace_activations.relu_back,
    logs=LogForms.of(relu, _relu_derivative),
    range=(0.0, np.inf),
    analytic=False,
)
TANH = Activation(
    "tanh",
    np.tanh,
    sech_squared,
    inplace_activations.activate_tanh,
    inplace_activations.tanh_back,
    logs=TANH_LOGS,
    range=(-1.0, 1.0),
    saturated_residual=_tanh_residual,
)
IDENTITY = Activation(
    "identity",
    _identity,
    np.ones_like,
    inplace_activations.activate_identity,
    inplace_activations.identity_back,
    logs=LogForms.of(_identity, np.ones_like),
)
LEAKY_RELU = leaky_relu()
SOFTPLUS = Activation(
    "softplus",
    softplus,
    sigmoid,
    inplace_activations.activate_softplus,
    inplace_activations.softplus_back,
    logs=SOFTPLUS_LOGS,
    range=(0.0, np.inf),
)
SOFTMAX = Activation(
    "softmax",
    softmax,
    None,
    inplace_activations.activate_softmax,
    inplace_activations.softmax_back,
    logs=SOFTMAX_LOGS,
    range=(0.0, 1.0),
    saturated_residual=_softmax_residual,
    couples_units=True,
)

STEP = Activation(
    "step",
    _step,
    np.zeros_like,
    inplace_activations.activate_step,
    inplace_activations.step_back,
    logs=LogForms.of(_step, np.zeros_like),
    range=(0.0, 1.0),
    analytic=False,
)
"""1 for s ≥ 0, else 0: for the forward pass and the perceptron rule, since its slope is 0."""

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (SIGMOID, RELU, TANH, IDENTITY, LEAKY_RELU, SOFTPLUS, SOFTMAX)
}
FORWARD_ONLY: dict[str, Activation] = {STEP.name: STEP}
"""Activations that cannot be trained."""


def get_activation(name: str) -> Activation:
    """Raise `UnknownName` with the names of the table."""
    if name in FORWARD_ONLY:
        return FORWARD_ONLY[name]
    if name not in ACTIVATIONS:
        raise UnknownName(f"there is no activation {name!r}; there are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]
