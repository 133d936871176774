"""One way up and one way down, made ready: the textbook's arithmetic in buffers made once.

A layer's parameters are viewed as [w | b], (d_out, d_in + 1), and every x^(l) carries a row of ones
below it, so that one matrix product weighs and adds the bias, and one more gives both gradients.
Arrays are (units, samples), so that those rows are in one piece. With an axis of networks in front,
all of them meet the same samples at once, and each comes out as alone to the last bit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.nn.activations import Activation
from core.nn.kernels import Call, constant
from core.nn.losses import Loss
from core.training.compute.buffers import Buffers
from core.training.compute.output_layer import top
from core.training.compute.samples import Samples


@dataclass(frozen=True, eq=False)
class Pass:
    """Up and down on some samples."""

    ascend: list[Call]
    """From x^(0) to ŷ."""
    total: Callable[[], float | Array]
    """The sum over the samples of E / `unit`, right after `ascend`; of a stack one per network."""
    unit: float
    descend: list[Call]
    """From ŷ to every gradient."""
    loaded: list[Call]
    """What depends on y alone, to be done whenever y has changed."""
    output: Array
    """ŷ, (units, samples)."""


def bind_pass(
    w_and_b: Sequence[Array],
    gradients: Sequence[Array],
    activations: Sequence[Activation],
    loss: Loss,
    samples: Samples,
    buffers: Buffers,
    share: float,
) -> Pass:
    """The gradients will be those of `share` times the sum of E over the samples."""
    x = [samples.x_and_one.T, *buffers.x]
    delta = buffers.delta(len(buffers.x), len(samples.y))
    above = top(loss, activations[-1], buffers.output, samples.y, delta)
    scale = [(np.multiply, (delta, constant(share, delta), delta))] if share != 1.0 else []
    return Pass(
        ascend=[*_up(w_and_b, activations, [*x, buffers.output]), *above.ascend],
        total=above.total,
        unit=above.unit,
        descend=[
            *above.descend,
            *scale,
            *_down(w_and_b, gradients, activations, x, delta, buffers),
        ],
        loaded=above.loaded,
        output=buffers.output,
    )


def _up(
    w_and_b: Sequence[Array], activations: Sequence[Activation], x: Sequence[Array]
) -> list[Call]:
    """From x^(0) to s^(L), which stands where ŷ will be."""
    calls: list[Call] = []
    for weights, activation, below, above in zip(
        w_and_b[:-1], activations[:-1], x[:-2], x[1:-1], strict=True
    ):
        s = above[..., :-1, :]
        calls += [_product(weights, below, s), *activation.activate(s)]
    return [*calls, _product(w_and_b[-1], x[-2], x[-1])]


def _down(
    w_and_b: Sequence[Array],
    gradients: Sequence[Array],
    activations: Sequence[Activation],
    x: Sequence[Array],
    delta: Array,
    buffers: Buffers,
) -> list[Call]:
    """From δ^(L) to every gradient."""
    calls: list[Call] = []
    for layer in range(len(w_and_b) - 1, 0, -1):
        calls.append(_product(delta, x[layer].mT, gradients[layer]))
        # One row more than there are units, which belongs to the ones: a matrix in one piece is
        # worth more to BLAS.
        units = x[layer].shape[-2] - 1
        d_x = buffers.delta(layer - 1, units + 1)
        calls.append(_product(w_and_b[layer].mT, delta, d_x))
        delta, scratch = d_x[..., :-1, :], buffers.scratch(units)
        calls += activations[layer - 1].multiply_by_slope(delta, x[layer][..., :-1, :], scratch)
    return [*calls, _product(delta, x[0].mT, gradients[0])]


def _product(one: Array, other: Array, result: Array) -> Call:
    """`result` = `one` `other`: of two matrices, or of each two in a stack."""
    # Both end in the same routines of BLAS; np.dot gets there faster.
    return (np.dot if result.ndim == 2 else np.matmul), (one, other, result)
