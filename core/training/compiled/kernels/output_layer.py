"""The last layer of one panel: its s becomes ŷ, and loss and delta are found."""

from core.training.compiled.constants import BINARY_CROSS_ENTROPY, SQUARED
from core.training.compiled.kernels.activations import activate, multiply_by_slope
from core.training.compiled.lanes.exponentials import exp
from core.training.compiled.lanes.jit import compiled, inlined
from core.training.compiled.lanes.logarithms import log, log1p
from core.training.compiled.lanes.memory import lane_count, load, store
from core.training.compiled.lanes.operations import (
    absolute,
    first_lanes,
    full,
    splat,
    where_greater,
)


@inlined
def _squared(a, code, s, y, delta, units, scale):
    """½ Σ (ŷ - y)²."""
    n = lane_count(a)
    activate(a, code, s, units)
    squares = full(load(a, s), 0.0)
    for at in range(0, units * n, n):
        error = load(a, s + at) - load(a, y + at)
        squares = squares + error * error
        store(a, delta + at, error * splat(scale))
    multiply_by_slope(a, code, delta, s, units)
    return squares * full(squares, 0.5)


@inlined
def _binary_cross_entropy(a, s, y, delta, units, scale):
    """softplus(s) - y s, with u = e^-|s| for both softplus and σ."""
    n = lane_count(a)
    losses = full(load(a, s), 0.0)
    zero, one = losses, full(losses, 1.0)
    for at in range(0, units * n, n):
        value, target = load(a, s + at), load(a, y + at)
        u = exp(zero - absolute(value))
        losses = losses + (where_greater(zero, value, zero, value) + log1p(u) - target * value)
        output = where_greater(zero, value, u, one) / (one + u)
        store(a, s + at, output)
        store(a, delta + at, (output - target) * splat(scale))
    return losses


@inlined
def _cross_entropy(a, s, y, delta, units, scale):
    """Σy log Σe^s - Σ y s, with s less the sample's largest."""
    n = lane_count(a)
    end = units * n
    largest = load(a, s)
    for at in range(0, end, n):
        value = load(a, s + at)
        largest = where_greater(largest, value, largest, value)
    powers = full(largest, 0.0)
    y_sum, y_s = powers, powers
    for at in range(0, end, n):
        value, target = load(a, s + at) - largest, load(a, y + at)
        y_s = y_s + target * value
        y_sum = y_sum + target
        power = exp(value)
        powers = powers + power
        store(a, s + at, power)
    for at in range(0, end, n):
        output = load(a, s + at) / powers
        store(a, s + at, output)
        store(a, delta + at, (output * y_sum - load(a, y + at)) * splat(scale))
    return y_sum * log(powers) - y_s


@compiled
def finish_forward(a, loss, code, s, y, delta, units, samples, scale):
    """Σ E of the first `samples` lanes; delta is `scale` ∂E/∂s, and 0 in the other lanes.

    Binary cross-entropy is that of sigmoid outputs, cross-entropy that of softmax outputs.
    """
    n = lane_count(a)
    if loss == SQUARED:
        losses = _squared(a, code, s, y, delta, units, scale)
    elif loss == BINARY_CROSS_ENTROPY:
        losses = _binary_cross_entropy(a, s, y, delta, units, scale)
    else:
        losses = _cross_entropy(a, s, y, delta, units, scale)
    if samples < n:
        losses = first_lanes(losses, samples)
        for at in range(delta, delta + units * n, n):
            store(a, at, first_lanes(load(a, at), samples))
    return losses
