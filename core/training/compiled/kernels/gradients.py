"""The gradient of a layer's [w | b]: Σ delta xᵀ over all samples, where the last unit of x is 1.

Four sums of lanes are kept in registers over all panels of a block: two rows by two columns, or one
row by four columns for a last odd row. The lanes of a sum are added up once per block.
"""

from core.training.compiled.lanes.jit import compiled, inlined
from core.training.compiled.lanes.memory import lane_count, load, number_at, put_at
from core.training.compiled.lanes.operations import fma, full, lane_sum


@inlined
def _add(a, at, lanes):
    put_at(a, at, number_at(a, at) + lane_sum(lanes))


@inlined
def _add_two_rows(a, g, delta, x, d_in, d_out, panels):
    n = lane_count(a)
    width = d_in + 1
    delta_step, x_step = d_out * n, width * n
    zero = full(load(a, delta), 0.0)
    i = 0
    while i + 1 < width:
        g0, g1, g2, g3 = zero, zero, zero, zero
        p, q = delta, x + i * n
        for _ in range(panels):
            upper, lower, left, right = load(a, p), load(a, p + n), load(a, q), load(a, q + n)
            g0 = fma(upper, left, g0)
            g1 = fma(upper, right, g1)
            g2 = fma(lower, left, g2)
            g3 = fma(lower, right, g3)
            p += delta_step
            q += x_step
        _add(a, g + i, g0)
        _add(a, g + i + 1, g1)
        _add(a, g + width + i, g2)
        _add(a, g + width + i + 1, g3)
        i += 2
    if i < width:
        g0, g1 = zero, zero
        p, q = delta, x + i * n
        for _ in range(panels):
            unit = load(a, q)
            g0 = fma(load(a, p), unit, g0)
            g1 = fma(load(a, p + n), unit, g1)
            p += delta_step
            q += x_step
        _add(a, g + i, g0)
        _add(a, g + width + i, g1)


@inlined
def _add_row(a, g, delta, x, d_in, d_out, panels):
    n = lane_count(a)
    width = d_in + 1
    delta_step, x_step = d_out * n, width * n
    zero = full(load(a, delta), 0.0)
    i = 0
    while i + 3 < width:
        g0, g1, g2, g3 = zero, zero, zero, zero
        p, q = delta, x + i * n
        for _ in range(panels):
            unit = load(a, p)
            g0 = fma(unit, load(a, q), g0)
            g1 = fma(unit, load(a, q + n), g1)
            g2 = fma(unit, load(a, q + 2 * n), g2)
            g3 = fma(unit, load(a, q + 3 * n), g3)
            p += delta_step
            q += x_step
        _add(a, g + i, g0)
        _add(a, g + i + 1, g1)
        _add(a, g + i + 2, g2)
        _add(a, g + i + 3, g3)
        i += 4
    while i < width:
        g0 = zero
        p, q = delta, x + i * n
        for _ in range(panels):
            g0 = fma(load(a, p), load(a, q), g0)
            p += delta_step
            q += x_step
        _add(a, g + i, g0)
        i += 1


@compiled
def add_gradient(a, g, delta, x, d_in, d_out, panels):
    """Add the gradient to what is at `g`."""
    n = lane_count(a)
    last = delta + d_out * n
    while delta + n < last:
        _add_two_rows(a, g, delta, x, d_in, d_out, panels)
        g += 2 * (d_in + 1)
        delta += 2 * n
    if delta < last:
        _add_row(a, g, delta, x, d_in, d_out, panels)
