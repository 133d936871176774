"""The last layer of the training loop: from its s to E, ŷ and delta, in place.

Arrays are (units, samples). The mean loss is linear in a few sums, which `total` returns and the
loop scales when it is asked for E.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.arrays import Array
from core.nn.activations import SIGMOID, SOFTMAX, Activation
from core.nn.inplace_activations import softplus_of
from core.nn.kernels import Kernel
from core.nn.losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, SQUARED, Loss


@dataclass(frozen=True, eq=False)
class OutputLayer:
    """Prepared calls of the last layer: from its s to the loss, ŷ and delta."""

    forward: list[Kernel]
    """s becomes ŷ."""
    loss_sum: Callable[[], float | Array]
    """Σ E / `loss_scale` over the samples, valid after `forward`; of a stack one per network."""
    backward: list[Kernel]
    """`delta` becomes ∂E/∂s, up to the division by the number of samples."""
    loss_scale: float = 1.0
    on_targets_changed: list[Kernel] = field(default_factory=list)
    """Calls that depend on y alone, for every change of y."""


def build_output_layer(
    loss: Loss, activation: Activation, s: Array, y: Array, delta: Array
) -> OutputLayer:
    """The fast form of the pair of loss and activation, or else the reference formulas."""
    pair = (loss, activation)
    if loss is SQUARED:
        return _squared(activation, s, y, delta)
    if pair == (BINARY_CROSS_ENTROPY, SIGMOID):
        return _binary_cross_entropy_of_sigmoid(s, y, delta)
    if pair == (CROSS_ENTROPY, SOFTMAX):
        return _cross_entropy_of_softmax(s, y, delta)
    return _generic(loss, activation, s, y, delta)


def _squared(activation: Activation, s: Array, y: Array, delta: Array) -> OutputLayer:
    # E = ½ Σ r² with r = ŷ - y, and ∂E/∂s = r σ′(s). `delta` holds r.
    return OutputLayer(
        forward=[*activation.forward_kernels(s), (np.subtract, (s, y, delta))],
        loss_sum=_sum_of_products(delta, delta),
        backward=activation.backward_kernels(delta, s, np.empty_like(s)),
        loss_scale=0.5,
    )


def _binary_cross_entropy_of_sigmoid(s: Array, y: Array, delta: Array) -> OutputLayer:
    # E = Σ softplus(s) - y s, and ∂E/∂s = ŷ - y. `delta` is scratch until the backward pass.
    losses = np.empty_like(s)
    return OutputLayer(
        forward=[
            *softplus_of(s, losses, delta),
            (np.multiply, (y, s, delta)),
            (np.subtract, (losses, delta, losses)),
            *SIGMOID.forward_kernels(s),
        ],
        loss_sum=_sum_of_products(losses, np.ones_like(losses)),
        backward=[(np.subtract, (s, y, delta))],
    )


def _sum_of_products(one: Array, other: Array) -> Callable[[], float | Array]:
    """Σ one · other over units and samples; of a stack one sum per network, always in one array."""
    if one.ndim == 2:
        dot, flat = one.reshape(-1).dot, other.reshape(-1)
        return partial(dot, flat)
    networks = len(one)
    rows = (one.reshape(networks, -1), other.reshape(networks, -1), np.empty(networks, one.dtype))
    return lambda: np.vecdot(*rows)


def _cross_entropy_of_softmax(s: Array, y: Array, delta: Array) -> OutputLayer:
    # With s less the sample's largest: E = Σ_k y_k log Σ_j e^(s_j) - Σ_k y_k s_k, two sums of one
    # sign each. `delta` holds the products y_k s_k until the backward pass.
    largest, sums, logarithms, y_sums = np.empty((4, 1, s.shape[1]), s.dtype)
    ones_of_units, ones = np.ones((1, len(s)), s.dtype), np.ones(s.size, s.dtype)
    weighted, of_samples = delta.reshape(-1).dot, logarithms.reshape(-1).dot
    flat_sums = y_sums.reshape(-1)
    return OutputLayer(
        forward=[
            (np.maximum.reduce, (s, 0, None, largest, True)),  # max_j s_j
            (np.subtract, (s, largest, s)),  # s_k - max_j s_j
            (np.multiply, (y, s, delta)),  # y_k s_k
            (np.exp, (s, s)),  # e^(s_k)
            (np.dot, (ones_of_units, s, sums)),  # Σ_j e^(s_j)
            (np.log, (sums, logarithms)),  # log Σ_j e^(s_j)
            (np.divide, (s, sums, s)),  # ŷ_k = e^(s_k) / Σ_j e^(s_j)
        ],
        loss_sum=lambda: of_samples(flat_sums) - weighted(ones),
        backward=[
            (np.multiply, (s, y_sums, delta)),
            (np.subtract, (delta, y, delta)),
        ],  # ŷ_k Σy - y_k
        on_targets_changed=[(np.dot, (ones_of_units, y, y_sums))],  # Σ_k y_k
    )


def _generic(loss: Loss, activation: Activation, s: Array, y: Array, delta: Array) -> OutputLayer:
    """The reference formulas, from a copy of s."""
    kept = np.empty_like(s)

    def activate() -> None:
        kept[...] = s
        s[...] = activation.value(kept.T).T

    def differentiate() -> None:
        delta[...] = loss.delta(activation, kept.T, y.T).T

    return OutputLayer(
        forward=[(activate, ())],
        loss_sum=lambda: float(loss.value_of_s(activation, kept.T, y.T).sum()),
        backward=[(differentiate, ())],
    )
