"""Elementary functions that keep their relative accuracy, for real and for complex arguments."""

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array


def log1p(z: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """log(1 + z), for complex z too, where NumPy's loses the real part of a small z.

    log|1 + z| = log1p(u (2 + u) + v²) / 2 with z = u + iv; near z = -1, 1 + u is exact.
    """
    if not np.iscomplexobj(z):
        return np.log1p(z)
    u, v = z.real, z.imag
    near_zero = u > -0.5
    bounded = np.where(near_zero, u, 0.0)
    log_modulus = 0.5 * np.log1p(bounded * (2.0 + bounded) + v * v)
    return np.where(near_zero, log_modulus, np.log(np.hypot(1.0 + u, v))) + 1j * np.arctan2(
        v, 1.0 + u
    )


def sigmoid(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """σ(s) = 1 / (1 + e^-s), to the last digits also where it is near 0."""
    # Only powers that cannot overflow: in the complex plane inf becomes nan.
    if not np.iscomplexobj(s):
        power = np.exp(-np.abs(s))
        return np.where(s > 0.0, 1.0, power) / (1.0 + power)
    positive = np.real(s) > 0.0
    power = np.exp(np.where(positive, -s, s))
    return np.where(positive, 1.0, power) / (1.0 + power)


def softplus(s: Inexact[Array, "*shape"]) -> Inexact[Array, "*shape"]:
    """log(1 + e^s), without overflow: max(s, 0) + log(1 + e^-|s|)."""
    positive = np.real(s) > 0.0
    return np.where(positive, s, 0.0) + log1p(np.exp(np.where(positive, -s, s)))


def sech_squared(s: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """tanh′(s) = 4 e^-2|s| / (1 + e^-2|s|)², where 1 - tanh² would cancel."""
    power = np.exp(-2.0 * np.abs(s))
    return 4.0 * power / (1.0 + power) ** 2


def sum_of_others(values: Inexact[Array, "*samples d"]) -> Inexact[Array, "*samples d"]:
    """Σ over j ≠ k of values[j] for every k along the last axis, without a subtraction."""
    sums = np.zeros_like(values)
    np.cumsum(values[..., :-1], axis=-1, out=sums[..., 1:])
    sums[..., :-1] += np.cumsum(values[..., :0:-1], axis=-1)[..., ::-1]
    return sums


def at_largest(
    values: Inexact[Array, "*samples d"], ranked: Inexact[Array, "*samples d"]
) -> Inexact[Array, "*samples 1"]:
    """The entry of `values` where the real part of `ranked` is largest along the last axis."""
    largest = np.argmax(np.real(ranked), axis=-1, keepdims=True)
    return np.take_along_axis(values, largest, axis=-1)


def is_largest(values: Inexact[Array, "*samples d"]) -> np.ndarray:
    """Whether the real part of an entry is the first largest along the last axis."""
    largest = np.argmax(np.real(values), axis=-1, keepdims=True)
    return np.arange(values.shape[-1]) == largest


def log_sum_exp(s: Inexact[Array, "*samples d"]) -> Inexact[Array, "*samples 1"]:
    """log Σ e^s along the last axis."""
    peak = at_largest(s, s)
    powers = np.where(is_largest(s), 0.0, np.exp(s - peak))
    return peak + log1p(np.sum(powers, axis=-1, keepdims=True))
