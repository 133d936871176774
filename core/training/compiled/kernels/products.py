"""The matrix products of the forward and the backward pass, for one panel.

Offsets say where in the array `a` the operands begin: with several arrays, numba would count
references and pass seven words for each. A layer's parameters are the rows of [w | b]. Four sums
are kept in registers at a time, so that a loaded value is used four times.
"""

from core.training.compiled.constants import LEAKY_RELU, RELU
from core.training.compiled.kernels.activations import rectify
from core.training.compiled.lanes.jit import compiled
from core.training.compiled.lanes.memory import lane_count, load, splat_at, store
from core.training.compiled.lanes.operations import fma, full


@compiled
def weigh(a, w, x, s, d_in, d_out, code):
    """s = w x + b; already σ(s) where σ is ReLU or leaky ReLU."""
    n = lane_count(a)
    width = d_in + 1
    last = s + d_out * n
    rectifies = code in (RELU, LEAKY_RELU)
    while s + 3 * n < last:
        w1, w2, w3 = w + width, w + 2 * width, w + 3 * width
        s0, s1 = splat_at(a, w + d_in), splat_at(a, w1 + d_in)
        s2, s3 = splat_at(a, w2 + d_in), splat_at(a, w3 + d_in)
        for i in range(d_in):
            unit = load(a, x + i * n)
            s0 = fma(splat_at(a, w + i), unit, s0)
            s1 = fma(splat_at(a, w1 + i), unit, s1)
            s2 = fma(splat_at(a, w2 + i), unit, s2)
            s3 = fma(splat_at(a, w3 + i), unit, s3)
        if rectifies:
            s0, s1, s2, s3 = (
                rectify(code, s0),
                rectify(code, s1),
                rectify(code, s2),
                rectify(code, s3),
            )
        store(a, s, s0)
        store(a, s + n, s1)
        store(a, s + 2 * n, s2)
        store(a, s + 3 * n, s3)
        w += 4 * width
        s += 4 * n
    while s < last:
        s0 = splat_at(a, w + d_in)
        for i in range(d_in):
            s0 = fma(splat_at(a, w + i), load(a, x + i * n), s0)
        store(a, s, rectify(code, s0) if rectifies else s0)
        w += width
        s += n


@compiled
def weigh_back(a, w, delta, d_x, d_in, d_out):
    """∂E/∂x = wᵀ delta, of the layer below."""
    n = lane_count(a)
    width = d_in + 1
    zero = full(load(a, delta), 0.0)
    last = d_x + d_in * n
    while d_x + 3 * n < last:
        e0, e1, e2, e3 = zero, zero, zero, zero
        column = w
        for o in range(d_out):
            unit = load(a, delta + o * n)
            e0 = fma(splat_at(a, column), unit, e0)
            e1 = fma(splat_at(a, column + 1), unit, e1)
            e2 = fma(splat_at(a, column + 2), unit, e2)
            e3 = fma(splat_at(a, column + 3), unit, e3)
            column += width
        store(a, d_x, e0)
        store(a, d_x + n, e1)
        store(a, d_x + 2 * n, e2)
        store(a, d_x + 3 * n, e3)
        d_x += 4 * n
        w += 4
    while d_x < last:
        e0 = zero
        column = w
        for o in range(d_out):
            e0 = fma(splat_at(a, column), load(a, delta + o * n), e0)
            column += width
        store(a, d_x, e0)
        d_x += n
        w += 1
