"""What Python calls: many iterations, or an evaluation of samples, in one call."""

from math import isfinite

from core.training.compiled.kernels.optimizers import make_step
from core.training.compiled.kernels.passes import (
    BATCH_X,
    BATCH_Y,
    BLOCK_X,
    BLOCK_Y,
    FIRST_MOMENT,
    GRADIENT,
    PARAMETERS,
    SECOND_MOMENT,
    backward,
    forward,
)
from core.training.compiled.lanes.jit import cached, compiled, inlined
from core.training.compiled.lanes.memory import (
    lane_count,
    load,
    number_at,
    pointer_to,
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
def mean_loss_and_gradient(a, at, size, sizes, codes, loss, samples, block):
    """Mean E of the batch in its panels, and the gradient of it."""
    n = lane_count(a)
    losses = full(load(a, at[PARAMETERS]), 0.0)
    for place in range(at[GRADIENT], at[GRADIENT] + size, n):
        store(a, place, losses)
    panels = -(-samples // n)
    scale = rounded(a, 1.0 / samples)
    x, y = at[BATCH_X], at[BATCH_Y]
    for first in range(0, panels, block):
        some, left = min(block, panels - first), samples - first * n
        losses = losses + forward(a, at, sizes, codes, loss, x, y, some, left, scale)
        backward(a, at, sizes, codes, x, some)
        x += some * (sizes[0] + 1) * n
        y += some * sizes[sizes.size - 1] * n
    return 1.0 / samples * float(lane_sum(losses))


@inlined
def _step(a, at, size, optimizer, parameters, iteration):
    w, g = at[PARAMETERS], at[GRADIENT]
    make_step(a, optimizer, w, g, at[FIRST_MOMENT], at[SECOND_MOMENT], size, parameters, iteration)


@cached
def train_full_batch(
    array, at, size, sizes, codes, loss, optimizer, parameters, block, samples, first, losses
):
    """Make iterations `first`, …, one per place in `losses`; how many losses were met.

    Ends after a loss that is not finite, without its step.
    """
    a = pointer_to(array)
    for made in range(losses.size):
        losses[made] = mean_loss_and_gradient(a, at, size, sizes, codes, loss, samples, block)
        if not isfinite(losses[made]):
            return made + 1
        _step(a, at, size, optimizer, parameters, first + made)
    return losses.size


@cached
def train_batches(
    array, at, size, sizes, codes, loss, optimizer, parameters, block,
    x, y, orders, batch_size, start, first, losses,
):  # fmt: skip
    """The same on batches, from `start` on; `orders` has the samples of an epoch in each row."""
    a = pointer_to(array)
    samples = orders.shape[1]
    per_epoch = -(-samples // batch_size)
    for made in range(losses.size):
        epoch, number = divmod(start + made, per_epoch)
        begin = number * batch_size
        count = min(batch_size, samples - begin)
        gather(a, x, orders[epoch], begin, count, at[BATCH_X], sizes[0] + 1)
        gather(a, y, orders[epoch], begin, count, at[BATCH_Y], y.shape[1])
        losses[made] = mean_loss_and_gradient(a, at, size, sizes, codes, loss, count, block)
        if not isfinite(losses[made]):
            return made + 1
        _step(a, at, size, optimizer, parameters, first + made)
    return losses.size


@cached
def evaluate(array, at, sizes, codes, loss, block, x, y, rows, outputs):
    """Mean E of all samples of x and y at the present parameters; ŷ goes into `outputs`."""
    a = pointer_to(array)
    n = lane_count(a)
    samples, width = y.shape
    output = at[at.size - 1]
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
    return 1.0 / samples * float(lane_sum(losses))
