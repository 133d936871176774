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
    """What is done between the last product on the way up and the first on the way down."""

    ascend: list[Kernel]
    """s becomes ŷ."""
    total: Callable[[], float | Array]
    """The sum over the samples of E / `unit`, right after `ascend`; of a stack one per network."""
    descend: list[Kernel]
    """`delta` becomes ∂E/∂s, up to the division by the number of samples."""
    unit: float = 1.0
    loaded: list[Kernel] = field(default_factory=list)
    """What depends on y alone, to be done whenever y has changed."""


def build_output_layer(
    loss: Loss, activation: Activation, s: Array, y: Array, delta: Array
) -> OutputLayer:
    """The fastest way for that pair; whatever has none goes the textbook's."""
    pair = (loss, activation)
    if loss is SQUARED:
        return _squared(activation, s, y, delta)
    if pair == (BINARY_CROSS_ENTROPY, SIGMOID):
        return _binary_cross_entropy_of_sigmoid(s, y, delta)
    if pair == (CROSS_ENTROPY, SOFTMAX):
        return _cross_entropy_of_softmax(s, y, delta)
    return _generic(loss, activation, s, y, delta)


def _squared(activation: Activation, s: Array, y: Array, delta: Array) -> OutputLayer:
    return OutputLayer(
        ascend=[*activation.forward_kernels(s), (np.subtract, (s, y, delta))],
        total=_sum_of_products(delta, delta),
        descend=activation.backward_kernels(delta, s, np.empty_like(s)),
        unit=0.5,
    )


def _binary_cross_entropy_of_sigmoid(s: Array, y: Array, delta: Array) -> OutputLayer:
    # E = softplus(s) - y s; delta is spare until ŷ is known.
    losses = np.empty_like(s)
    return OutputLayer(
        ascend=[
            *softplus_of(s, losses, delta),
            (np.multiply, (y, s, delta)),
            (np.subtract, (losses, delta, losses)),
            *SIGMOID.forward_kernels(s),
        ],
        total=_sum_of_products(losses, np.ones_like(losses)),
        descend=[(np.subtract, (s, y, delta))],
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
    # With s less the sample's largest, E = Σy log Σe^s - Σ y s: two sums of one sign each. delta
    # is spare until ŷ is known.
    largest, sums, logarithms, y_sums = np.empty((4, 1, s.shape[1]), s.dtype)
    ones_of_units, ones = np.ones((1, len(s)), s.dtype), np.ones(s.size, s.dtype)
    weighted, of_samples = delta.reshape(-1).dot, logarithms.reshape(-1).dot
    flat_sums = y_sums.reshape(-1)
    return OutputLayer(
        ascend=[
            (np.maximum.reduce, (s, 0, None, largest, True)),
            (np.subtract, (s, largest, s)),
            (np.multiply, (y, s, delta)),
            (np.exp, (s, s)),
            (np.dot, (ones_of_units, s, sums)),
            (np.log, (sums, logarithms)),
            (np.divide, (s, sums, s)),
        ],
        total=lambda: of_samples(flat_sums) - weighted(ones),
        descend=[(np.multiply, (s, y_sums, delta)), (np.subtract, (delta, y, delta))],
        loaded=[(np.dot, (ones_of_units, y, y_sums))],
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
        ascend=[(activate, ())],
        total=lambda: float(loss.value_of_s(activation, kept.T, y.T).sum()),
        descend=[(differentiate, ())],
    )
