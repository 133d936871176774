"""The inner loop of a training: loss and gradient of samples, on prepared calls."""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.nn.activations import Activation
from core.nn.kernels import run_kernels
from core.nn.losses import Loss
from core.nn.parameters import matrices
from core.training.compute.buffers import BufferPool
from core.training.compute.forward_backward import build_forward_backward
from core.training.compute.samples import SampleBuffer

TARGET_BLOCK_BYTES = 2**19
"""Bytes of the widest layer's x: as many samples as stay in a processor's own cache."""
MIN_BLOCK_SAMPLES = 128
"""Samples below which matrix products get slow."""


def block_size(sizes: Sequence[int], itemsize: int) -> int:
    """The number of samples per block, for numbers of `itemsize` bytes."""
    return max(MIN_BLOCK_SAMPLES, TARGET_BLOCK_BYTES // (max(sizes[1:]) * itemsize))


class BlockedPasses:
    """Passes on many samples block by block, so that memory does not grow with them."""

    def __init__(
        self,
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
        sizes: Sequence[int],
        activations: Sequence[Activation],
        loss: Loss,
        samples: SampleBuffer,
        whole: int | None = None,
        pool: BufferPool | None = None,
    ) -> None:
        """Views on the arrays: the caller may change their numbers in between.

        Means are over `whole` samples, of which these may be a part. `pool` may be shared with
        workspaces that are not used at the same time.
        """
        self.samples = samples
        blocks = samples.blocks(block_size(sizes, parameters.itemsize))
        pool = pool or BufferPool(sizes, gradient)
        part = gradient if len(blocks) == 1 else pool.partial_gradient()
        self._passes = [
            build_forward_backward(
                matrices(parameters, sizes),
                matrices(part if number else gradient, sizes),
                tuple(activations),
                loss,
                block,
                pool.buffers(len(block)),
                1.0 / (whole or len(samples)),
            )
            for number, block in enumerate(blocks)
        ]
        for later in self._passes[1:]:
            later.backward.append((np.add, (gradient, part, gradient)))
        self._share = self._passes[0].loss_scale / (whole or len(samples))
        self.targets_changed()

    @property
    def is_single_block(self) -> bool:
        """Whether one block holds all samples, so that `iterate` can reuse `measure`."""
        return len(self._passes) == 1

    def targets_changed(self) -> None:
        """Update what depends on y."""
        for one in self._passes:
            run_kernels(one.on_targets_changed)

    def measure(self) -> tuple[float, Float[Array, "samples d"]]:
        """Mean E and ŷ at the present parameters; a copy of ŷ."""
        total, outputs = 0.0, []
        for one in self._passes:
            run_kernels(one.forward)
            total += float(one.loss_sum())
            outputs.append(one.output.T.copy())
        return self._share * total, np.concatenate(outputs)

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, forward_done: bool = False
    ) -> Float[Array, " made"]:
        """Make iterations `first`, `first` + 1, …; the mean E that each met before its step.

        Ends early after an E that is not finite. `forward_done` says that the last call was
        `measure`, whose forward pass serves the first iteration; only where `is_single_block`.
        """
        losses = list[float]()
        for iteration in range(first, first + count):
            sum_of_losses = 0.0
            for block in self._passes:
                if not forward_done:
                    run_kernels(block.forward)
                sum_of_losses += float(block.loss_sum())
                run_kernels(block.backward)
            forward_done = False
            losses.append(self._share * sum_of_losses)
            if not isfinite(sum_of_losses):
                break
            step(iteration)
        return np.array(losses)
