"""Activations as the training loop needs them: in place, and σ′ from x = σ(s) alone.

Arrays are (units, samples). `activate(s)` are the calls that make s into σ(s);
`multiply_by_slope(d_x, x, scratch)` those that make d_x into delta. Each is σ or σ′ of
`core.nn.activations`, rounded otherwise at most.
"""

from functools import partial

import numpy as np

from core.arrays import Array
from core.nn.kernels import Kernel, scalar_array, shared_zeros

LEAKY_RELU_SLOPE = 0.01
ACTIVATION_OPERATIONS = 20
"""About what σ of a number costs, in multiplications (tanh in NumPy, float64)."""


def activate_sigmoid(s: Array) -> list[Kernel]:
    """σ(s) = 1 / (1 + e^-s), accurate in both tails; an overflow of e^-s gives the right 0.

    Through (1 + tanh(s / 2)) / 2 a float64 takes 1.3 times as long, with and without AVX-512 (2.0
    and 1.5 ns, 6.4 and 5.0 ns), and small values of σ lose all their digits.
    """
    one = scalar_array(1.0, s)
    return [
        (np.negative, (s, s)),
        (np.exp, (s, s)),
        (np.add, (s, one, s)),
        (np.divide, (one, s, s)),
    ]


def sigmoid_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """σ′ = x (1 - x)."""
    return [
        (np.subtract, (scalar_array(1.0, x), x, scratch)),
        (np.multiply, (scratch, x, scratch)),
        (np.multiply, (d_x, scratch, d_x)),
    ]


def maximum(one: Array, other: Array, result: Array) -> Kernel:
    """`result` = max(one, other); of all ufuncs this one wants its result named (NumPy 2.4).

    It is three times as fast with an array of zeros as with the number.
    """
    return partial(np.maximum, out=result), (one, other)


def activate_relu(s: Array) -> list[Kernel]:
    """max(s, 0)."""
    return [maximum(s, shared_zeros(s.shape, s.dtype), s)]


def relu_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """σ′ = 1 where x > 0, else 0."""
    return [
        (np.greater, (x, scalar_array(0.0, x), scratch)),
        (np.multiply, (d_x, scratch, d_x)),
    ]


def activate_leaky_relu(s: Array, slope: float = LEAKY_RELU_SLOPE) -> list[Kernel]:
    """max(s, slope · s) for a slope in [0, 1)."""
    leaked = np.empty_like(s)
    return [(np.multiply, (s, scalar_array(slope, s), leaked)), maximum(s, leaked, s)]


def leaky_relu_back(
    d_x: Array, x: Array, scratch: Array, slope: float = LEAKY_RELU_SLOPE
) -> list[Kernel]:
    """σ′ = 1 where x > 0, else the slope."""
    return [
        (np.greater, (x, scalar_array(0.0, x), scratch)),
        maximum(scratch, scalar_array(slope, x), scratch),
        (np.multiply, (d_x, scratch, d_x)),
    ]


def activate_step(s: Array) -> list[Kernel]:
    """1 where s ≥ 0, else 0."""
    return [(np.greater_equal, (s, scalar_array(0.0, s), s))]


def step_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """σ′ = 0 beside the jump."""
    return [(np.multiply, (d_x, scalar_array(0.0, x), d_x))]


def activate_tanh(s: Array) -> list[Kernel]:
    """NumPy's own."""
    return [(np.tanh, (s, s))]


def tanh_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """σ′ = 1 - x², off by a rounding of 1: in saturated units, from |s| = 8 on, digits are lost.

    sech² from s would keep them, but an iteration takes 1.4 times as long (2-3-2 × 1: 6.7 and 4.7
    µs, 2-16-1 × 200: 27 and 18 µs, 2-64-64-1 × 1000: 1.45 and 1.05 ms). Derivatives that are
    answered (`/backprop`, steps, gradient checks) come from `core.nn.activations`, with all digits.
    """
    return [
        (np.multiply, (x, x, scratch)),
        (np.subtract, (scalar_array(1.0, x), scratch, scratch)),
        (np.multiply, (d_x, scratch, d_x)),
    ]


def activate_identity(s: Array) -> list[Kernel]:
    """Nothing to do: x is s."""
    return []


def identity_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """Nothing to do: σ′ is 1."""
    return []


def softplus_of(s: Array, result: Array, spare: Array) -> list[Kernel]:
    """`result` = log(1 + e^s) = max(s, 0) + log(1 + e^-|s|), ten times as fast as `logaddexp`."""
    return [
        (np.abs, (s, spare)),
        (np.negative, (spare, spare)),
        (np.exp, (spare, spare)),
        (np.log1p, (spare, spare)),
        maximum(s, shared_zeros(s.shape, s.dtype), result),
        (np.add, (result, spare, result)),
    ]


def activate_softplus(s: Array) -> list[Kernel]:
    """log(1 + e^s)."""
    return softplus_of(s, s, np.empty_like(s))


def softplus_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """σ′ = 1 - e^-x, because e^x = 1 + e^s; expm1 keeps it exact where x is small."""
    return [
        (np.negative, (x, scratch)),
        (np.expm1, (scratch, scratch)),
        (np.multiply, (d_x, scratch, d_x)),
        (np.negative, (d_x, d_x)),
    ]


def activate_softmax(s: Array) -> list[Kernel]:
    """e^s over its sum, from s less the sample's largest."""
    of_samples = np.empty((1, s.shape[1]), s.dtype)
    return [
        (np.maximum.reduce, (s, 0, None, of_samples, True)),
        (np.subtract, (s, of_samples, s)),
        (np.exp, (s, s)),
        (np.add.reduce, (s, 0, None, of_samples, True)),
        (np.divide, (s, of_samples, s)),
    ]


def softmax_back(d_x: Array, x: Array, scratch: Array) -> list[Kernel]:
    """x (d_x - Σ d_x x), the sum over the units of a sample."""
    of_samples = np.empty((1, x.shape[1]), x.dtype)
    return [
        (np.multiply, (d_x, x, scratch)),
        (np.add.reduce, (scratch, 0, None, of_samples, True)),
        (np.subtract, (d_x, of_samples, d_x)),
        (np.multiply, (d_x, x, d_x)),
    ]
