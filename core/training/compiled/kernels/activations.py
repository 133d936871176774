"""Activations and their derivatives, in place on the units of one panel."""

from core.training.compiled.constants import (
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SOFTMAX,
    SOFTPLUS,
    TANH,
)
from core.training.compiled.lanes.exponentials import exp, expm1, sigmoid, tanh
from core.training.compiled.lanes.jit import compiled, inlined
from core.training.compiled.lanes.logarithms import softplus
from core.training.compiled.lanes.memory import lane_count, load, store
from core.training.compiled.lanes.operations import full, where_greater

LEAKY_RELU_SLOPE = 0.01


@inlined
def rectify(code, s):
    """max(s, 0), or max(s, LEAKY_RELU_SLOPE s), of a value in a register.

    Done in place in memory, LLVM makes masked stores of it, which took 15 times as long on Zen 3.
    """
    zero = full(s, 0.0)
    below = full(s, LEAKY_RELU_SLOPE) * s if code == LEAKY_RELU else zero
    return where_greater(zero, s, below, s)


@inlined
def sigmoid_slope(x):
    """σ (1 - σ)."""
    return (full(x, 1.0) - x) * x


@inlined
def tanh_slope(x):
    """1 - tanh²."""
    return full(x, 1.0) - x * x


@inlined
def softplus_slope(x):
    """1 - e^-x."""
    zero = full(x, 0.0)
    return zero - expm1(zero - x)


@inlined
def relu_slope(x):
    """1 where x > 0, else 0."""
    zero = full(x, 0.0)
    return where_greater(x, zero, full(x, 1.0), zero)


@inlined
def leaky_relu_slope(x):
    """1 where x > 0, else LEAKY_RELU_SLOPE."""
    return where_greater(x, full(x, 0.0), full(x, 1.0), full(x, LEAKY_RELU_SLOPE))


def _replace_units(function):
    """A loop that makes each unit's s into function(s)."""

    @inlined
    def replace(a, start, units):
        n = lane_count(a)
        for at in range(start, start + units * n, n):
            store(a, at, function(load(a, at)))

    return replace


def _multiply_units(slope):
    """A loop that multiplies each unit's ∂E/∂x by slope(x)."""

    @inlined
    def multiply(a, d_x, x, units):
        n = lane_count(a)
        for at in range(0, units * n, n):
            store(a, d_x + at, load(a, d_x + at) * slope(load(a, x + at)))

    return multiply


_sigmoid, _tanh, _softplus = map(_replace_units, (sigmoid, tanh, softplus))
_times_sigmoid_slope = _multiply_units(sigmoid_slope)
_times_tanh_slope = _multiply_units(tanh_slope)
_times_softplus_slope = _multiply_units(softplus_slope)
_times_relu_slope = _multiply_units(relu_slope)
_times_leaky_relu_slope = _multiply_units(leaky_relu_slope)


@inlined
def _softmax(a, start, units):
    n = lane_count(a)
    stop = start + units * n
    largest = load(a, start)
    for at in range(start, stop, n):
        s = load(a, at)
        largest = where_greater(largest, s, largest, s)
    powers = full(largest, 0.0)
    for at in range(start, stop, n):
        power = exp(load(a, at) - largest)
        store(a, at, power)
        powers = powers + power
    for at in range(start, stop, n):
        store(a, at, load(a, at) / powers)


@inlined
def _softmax_back(a, d_x, x, units):
    """x (∂E/∂x - Σ ∂E/∂x x), the sum over the units of a sample."""
    n = lane_count(a)
    end = units * n
    inner = full(load(a, x), 0.0)
    for at in range(0, end, n):
        inner = inner + load(a, d_x + at) * load(a, x + at)
    for at in range(0, end, n):
        store(a, d_x + at, (load(a, d_x + at) - inner) * load(a, x + at))


@compiled
def activate(a, code, start, units):
    """The s at `start` becomes σ(s); the rectifiers are part of the product before."""
    if code == SIGMOID:
        _sigmoid(a, start, units)
    elif code == TANH:
        _tanh(a, start, units)
    elif code == SOFTPLUS:
        _softplus(a, start, units)
    elif code == SOFTMAX:
        _softmax(a, start, units)


@compiled
def multiply_by_slope(a, code, d_x, x, units):
    """The numbers at `d_x` become delta: ∂E/∂x times σ′, from the x = σ(s) at `x`."""
    if code == SIGMOID:
        _times_sigmoid_slope(a, d_x, x, units)
    elif code == RELU:
        _times_relu_slope(a, d_x, x, units)
    elif code == TANH:
        _times_tanh_slope(a, d_x, x, units)
    elif code == LEAKY_RELU:
        _times_leaky_relu_slope(a, d_x, x, units)
    elif code == SOFTPLUS:
        _times_softplus_slope(a, d_x, x, units)
    elif code == SOFTMAX:
        _softmax_back(a, d_x, x, units)
