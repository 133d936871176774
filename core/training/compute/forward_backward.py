"""Forward and backward pass as prepared calls on buffers that are allocated once.

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
from core.nn.kernels import Kernel, scalar_array
from core.nn.losses import Loss
from core.training.compute.buffers import Buffers
from core.training.compute.output_layer import build_output_layer
from core.training.compute.samples import SampleBuffer


@dataclass(frozen=True, eq=False)
class ForwardBackward:
    """Forward and backward pass on a block of samples."""

    forward: list[Kernel]
    """From x^(0) to ŷ."""
    loss_sum: Callable[[], float | Array]
    """Σ E / `loss_scale` over the samples, valid after `forward`; of a stack one per network."""
    loss_scale: float
    backward: list[Kernel]
    """From ŷ to every gradient."""
    on_targets_changed: list[Kernel]
    """Calls that depend on y alone, for every change of y."""
    output: Array
    """ŷ, (units, samples)."""


def build_forward_backward(
    augmented_weights: Sequence[Array],
    gradients: Sequence[Array],
    activations: Sequence[Activation],
    loss: Loss,
    samples: SampleBuffer,
    buffers: Buffers,
    share: float,
) -> ForwardBackward:
    """Prepare the passes; gradients are those of `share` times the sum of E over the samples."""
    x = [samples.augmented_x.T, *buffers.x]
    delta = buffers.delta(len(buffers.x), buffers.output.shape[-2])
    above = build_output_layer(loss, activations[-1], buffers.output, samples.y, delta)
    scale = [(np.multiply, (delta, scalar_array(share, delta), delta))] if share != 1.0 else []
    return ForwardBackward(
        forward=[
            *_forward_kernels(augmented_weights, activations, [*x, buffers.output]),
            *above.forward,
        ],
        loss_sum=above.loss_sum,
        loss_scale=above.loss_scale,
        backward=[
            *above.backward,
            *scale,
            *_backward_kernels(augmented_weights, gradients, activations, x, delta, buffers),
        ],
        on_targets_changed=above.on_targets_changed,
        output=buffers.output,
    )


def _forward_kernels(
    augmented_weights: Sequence[Array], activations: Sequence[Activation], x: Sequence[Array]
) -> list[Kernel]:
    """From x^(0) to s^(L), in the buffer of ŷ."""
    calls: list[Kernel] = []
    for weights, activation, below, above in zip(
        augmented_weights[:-1], activations[:-1], x[:-2], x[1:-1], strict=True
    ):
        s = above[..., :-1, :]
        calls += [_product(weights, below, s), *activation.forward_kernels(s)]
    return [*calls, _product(augmented_weights[-1], x[-2], x[-1])]


def _backward_kernels(
    augmented_weights: Sequence[Array],
    gradients: Sequence[Array],
    activations: Sequence[Activation],
    x: Sequence[Array],
    delta: Array,
    buffers: Buffers,
) -> list[Kernel]:
    """From δ^(L) to every gradient."""
    calls: list[Kernel] = []
    for layer in range(len(augmented_weights) - 1, 0, -1):
        calls.append(_product(delta, x[layer].mT, gradients[layer]))
        # One row more than there are units, which belongs to the ones: a matrix in one piece is
        # worth more to BLAS.
        units = x[layer].shape[-2] - 1
        d_x = buffers.delta(layer - 1, units + 1)
        calls.append(_product(augmented_weights[layer].mT, delta, d_x))
        delta, scratch = d_x[..., :-1, :], buffers.scratch(units)
        calls += activations[layer - 1].backward_kernels(delta, x[layer][..., :-1, :], scratch)
    return [*calls, _product(delta, x[0].mT, gradients[0])]


def _product(one: Array, other: Array, result: Array) -> Kernel:
    """`result` = `one` `other`: of two matrices, or of each two in a stack."""
    # Both end in the same routines of BLAS; np.dot gets there faster.
    return (np.dot if result.ndim == 2 else np.matmul), (one, other, result)
