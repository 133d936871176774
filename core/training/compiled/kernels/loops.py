"""The entry points: many iterations, or an evaluation of samples, in one call.

Their arguments are those of `entry_points.ENTRY_POINTS`: addresses of arrays, and lengths.
"""

from math import isfinite

from numba import carray

from core.training.compiled.constants import (
    ACTIVATIONS,
    BATCH_X,
    BATCH_Y,
    BLOCK_X,
    BLOCK_Y,
    GRADIENT,
    MAX_OPTIMIZER_PARAMETERS,
    PARAMETERS,
)
from core.training.compiled.kernels.optimizers import update
from core.training.compiled.kernels.passes import backward, forward
from core.training.compiled.lanes.jit import compiled
from core.training.compiled.lanes.memory import (
    lane_count,
    load,
    number_at,
    put_at,
    rounded,
    store,
)
from core.training.compiled.lanes.operations import full, lane_sum


@compiled
def gather(a, rows_of, rows, start, count, into, unit_stride):
    """Copy samples (samples, d) into panels of `unit_stride` units; the last fills its panel."""
    n = lane_count(a)
    for k in range(-(-count // n) * n):
        row = rows[start + min(k, count - 1)]
        place = into + k // n * unit_stride * n + k % n
        for i in range(rows_of.shape[1]):
            put_at(a, place + i * n, rows_of[row, i])


@compiled
def mean_loss_and_gradient(a, at, size, sizes, codes, loss, factor, samples, block):
    """Mean E of the batch in its panels, and the gradient of it."""
    n = lane_count(a)
    losses = full(load(a, at[PARAMETERS]), 0.0)
    for place in range(at[GRADIENT], at[GRADIENT] + size, n):
        store(a, place, losses)
    panels = -(-samples // n)
    scale = rounded(a, factor / samples)
    x, y = at[BATCH_X], at[BATCH_Y]
    for first in range(0, panels, block):
        some, left = min(block, panels - first), samples - first * n
        losses = losses + forward(a, at, sizes, codes, loss, x, y, some, left, scale)
        backward(a, at, sizes, codes, x, some)
        x += some * (sizes[0] + 1) * n
        y += some * sizes[sizes.size - 1] * n
    return factor / samples * float(lane_sum(losses))


def train_full_batch(
    a, places, layers, widths, activations, loss, factor, block,
    size, optimizer, parameters, has_rule, step_factors, first, met, count,
    samples,
):  # fmt: skip
    """Make iterations `first`, …, `count` at most; how many losses were met.

    Ends after a loss that is not finite, without its step.
    """
    at = carray(places, ACTIVATIONS + layers)
    sizes, codes = carray(widths, layers + 1), carray(activations, layers)
    losses, numbers = carray(met, count), carray(parameters, MAX_OPTIMIZER_PARAMETERS)
    factors = carray(step_factors, count)
    for made in range(count):
        losses[made] = mean_loss_and_gradient(
            a, at, size, sizes, codes, loss, factor, samples, block
        )
        if not isfinite(losses[made]):
            return made + 1
        update(a, at, size, optimizer, numbers, first + made, has_rule, factors[made])
    return count


def train_batches(
    a, places, layers, widths, activations, loss, factor, block,
    size, optimizer, parameters, has_rule, step_factors, first, met, count,
    x_rows, y_rows, samples, order_rows, epochs, batch_size, start,
):  # fmt: skip
    """The same on batches, from `start` on; the orders have the samples of an epoch in each row."""
    at = carray(places, ACTIVATIONS + layers)
    sizes, codes = carray(widths, layers + 1), carray(activations, layers)
    losses, numbers = carray(met, count), carray(parameters, MAX_OPTIMIZER_PARAMETERS)
    factors = carray(step_factors, count)
    x, y = carray(x_rows, (samples, sizes[0])), carray(y_rows, (samples, sizes[layers]))
    orders = carray(order_rows, (epochs, samples))
    per_epoch = -(-samples // batch_size)
    for made in range(count):
        epoch, number = divmod(start + made, per_epoch)
        begin = number * batch_size
        left = min(batch_size, samples - begin)
        gather(a, x, orders[epoch], begin, left, at[BATCH_X], sizes[0] + 1)
        gather(a, y, orders[epoch], begin, left, at[BATCH_Y], sizes[layers])
        losses[made] = mean_loss_and_gradient(a, at, size, sizes, codes, loss, factor, left, block)
        if not isfinite(losses[made]):
            return made + 1
        update(a, at, size, optimizer, numbers, first + made, has_rule, factors[made])
    return count


def evaluate(
    a, places, layers, widths, activations, loss, factor, block,
    x_rows, y_rows, samples, row_numbers, output_rows,
):  # fmt: skip
    """Mean E of all samples of x and y at the present parameters; ŷ goes into the outputs."""
    at = carray(places, ACTIVATIONS + layers)
    sizes, codes = carray(widths, layers + 1), carray(activations, layers)
    n, width, output = lane_count(a), sizes[layers], at[ACTIVATIONS + layers - 1]
    x, y = carray(x_rows, (samples, sizes[0])), carray(y_rows, (samples, width))
    rows, outputs = carray(row_numbers, samples), carray(output_rows, (samples, width))
    losses = full(load(a, at[PARAMETERS]), 0.0)
    for start in range(0, samples, block * n):
        count = min(block * n, samples - start)
        gather(a, x, rows, start, count, at[BLOCK_X], sizes[0] + 1)
        gather(a, y, rows, start, count, at[BLOCK_Y], width)
        panels, scale = -(-count // n), rounded(a, 1.0)
        losses = losses + forward(
            a, at, sizes, codes, loss, at[BLOCK_X], at[BLOCK_Y], panels, count, scale
        )
        for k in range(count):
            place = output + k // n * width * n + k % n
            for i in range(width):
                outputs[start + k, i] = number_at(a, place + i * n)
    return factor / samples * float(lane_sum(losses))
