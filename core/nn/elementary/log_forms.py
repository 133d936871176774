"""log σ(s) and log(1 - σ(s)) computed from s: finite where σ(s) itself has left the floats.

σ(-800) is 0 in floats, but its logarithm is -800. The losses with logarithms use these forms, and
so does the complex step: all values take complex s.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.nn.elementary.functions import (
    at_largest,
    is_largest,
    log1p,
    log_sum_exp,
    sigmoid,
    softplus,
)

VANISHES = -37.0
"""Below this s, e^s is less than half a unit in the last place of 1."""


@dataclass(frozen=True, eq=False)
class LogForms:
    """The logarithms of σ and of 1 - σ, and what their derivatives by s are.

    The derivatives are None where σ couples the units of a layer.
    """

    log: Callable[[Array], Array]
    """log σ(s)."""
    log_complement: Callable[[Array], Array]
    """log(1 - σ(s))."""
    log_derivative: Callable[[Array], Array] | None
    """σ′(s) / σ(s)."""
    complement_derivative: Callable[[Array], Array] | None
    """σ′(s) / (1 - σ(s))."""
    poles: tuple[float, ...] = (0.0, 1.0)
    """The σ(s) at which one of the logarithms, as a function of s, has a pole."""

    @staticmethod
    def of(value: Callable[[Array], Array], derivative: Callable[[Array], Array]) -> "LogForms":
        """The forms of a σ that can be 0 and 1: its logarithms are as accurate as σ."""
        return LogForms(
            log=lambda s: np.log(value(s)),
            log_complement=lambda s: log1p(-value(s)),
            log_derivative=lambda s: derivative(s) / value(s),
            complement_derivative=lambda s: derivative(s) / (1.0 - value(s)),
        )


def _log_softplus(s: Array) -> Array:
    vanishing = np.real(s) < VANISHES
    # log(log(1 + u)) = log u - u / 2 + O(u²) for u = e^s, which here is less than s is rounded by.
    return np.where(vanishing, s, np.log(softplus(np.where(vanishing, 0.0, s))))


def _log_softplus_derivative(s: Array) -> Array:
    vanishing = s < VANISHES
    bounded = np.where(vanishing, 0.0, s)
    return np.where(vanishing, 1.0, sigmoid(bounded) / softplus(bounded))


def _log_tanh(s: Array) -> Array:
    power = np.exp(-2.0 * s)
    return np.where(np.real(s) < 0.5, np.log(np.tanh(s)), log1p(-2.0 * power / (1.0 + power)))


def _log_tanh_complement(s: Array) -> Array:
    # log(1 - tanh s) = log 2 - 2s - log(1 + e^-2s), which cancels where s is small.
    far = np.log(2.0).astype(np.real(s).dtype) - softplus(2.0 * s)
    return np.where(np.real(s) < 0.5, log1p(-np.tanh(s)), far)


def _log_tanh_derivative(s: Array) -> Array:
    # σ′ / σ = 2 / sinh 2s.
    distance = np.abs(s)
    return np.sign(s) * 4.0 * np.exp(-2.0 * distance) / -np.expm1(-4.0 * distance)


def _log_softmax(s: Array) -> Array:
    shifted = s - at_largest(s, s)
    return shifted - log_sum_exp(shifted)


def _log_softmax_complement(s: Array) -> Array:
    if s.shape[-1] == 1:
        return np.full_like(s, -np.inf)
    log_x = _log_softmax(s)
    largest = is_largest(s)
    # 1 - x of the largest unit is the sum of the others, which may be below every float.
    others = log_sum_exp(np.where(largest, -np.inf, log_x))
    return np.where(largest, others, log1p(-np.exp(np.where(largest, 0.0, log_x))))


SIGMOID_LOGS = LogForms(
    log=lambda s: -softplus(-s),
    log_complement=lambda s: -softplus(s),
    log_derivative=lambda s: sigmoid(-s),
    complement_derivative=sigmoid,
    poles=(),
)
TANH_LOGS = LogForms(
    log=_log_tanh,
    log_complement=_log_tanh_complement,
    log_derivative=_log_tanh_derivative,
    complement_derivative=lambda s: 2.0 * sigmoid(2.0 * s),
    poles=(0.0,),
)
SOFTPLUS_LOGS = LogForms(
    log=_log_softplus,
    log_complement=lambda s: log1p(-softplus(s)),
    log_derivative=_log_softplus_derivative,
    complement_derivative=lambda s: sigmoid(s) / (1.0 - softplus(s)),
    poles=(1.0,),
)
SOFTMAX_LOGS = LogForms(_log_softmax, _log_softmax_complement, None, None, poles=())
