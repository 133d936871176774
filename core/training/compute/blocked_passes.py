"""The training loop's inner loop: loss and gradient of some samples, as often as asked."""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.arrays import Array
from core.nn.activations import Activation
from core.nn.kernels import perform
from core.nn.losses import Loss
from core.nn.parameters import matrices
from core.training.compute.buffers import Rooms
from core.training.compute.forward_backward import bind_pass
from core.training.compute.samples import Samples

BLOCK = 2**19
"""Bytes of the widest layer's x: as many samples as stay in a processor's own cache."""
LEAST = 128
"""Samples below which matrix products get slow."""


def block_size(sizes: Sequence[int], itemsize: int) -> int:
    """How many samples go up and down at once, with numbers of so many bytes."""
    return max(LEAST, BLOCK // (max(sizes[1:]) * itemsize))


class Workspace:
    """Many samples go up and down in blocks, so that memory does not grow with them."""

    def __init__(
        self,
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
        sizes: Sequence[int],
        activations: Sequence[Activation],
        loss: Loss,
        samples: Samples,
        whole: int | None = None,
        rooms: Rooms | None = None,
    ) -> None:
        """Views on the arrays: the caller may change their numbers in between.

        A mean is over `whole` samples where these are a part of so many. `rooms` may be shared with
        workspaces that are not used at the same time.
        """
        self.samples = samples
        blocks = samples.blocks(block_size(sizes, parameters.itemsize))
        rooms = rooms or Rooms(sizes, gradient)
        part = gradient if len(blocks) == 1 else rooms.part()
        self._passes = [
            bind_pass(
                matrices(parameters, sizes),
                matrices(part if number else gradient, sizes),
                tuple(activations),
                loss,
                block,
                rooms.buffers(len(block)),
                1.0 / (whole or len(samples)),
            )
            for number, block in enumerate(blocks)
        ]
        for later in self._passes[1:]:
            later.descend.append((np.add, (gradient, part, gradient)))
        self._share = self._passes[0].unit / (whole or len(samples))
        self.refresh()

    @property
    def is_whole(self) -> bool:
        """Whether one block holds all samples, so that a way up can be continued down."""
        return len(self._passes) == 1

    def refresh(self) -> None:
        """Take notice of a new y."""
        for one in self._passes:
            perform(one.loaded)

    def measure(self) -> tuple[float, Float[Array, "samples d"]]:
        """Mean E and ŷ at the present parameters; a copy of ŷ."""
        total, outputs = 0.0, []
        for one in self._passes:
            perform(one.ascend)
            total += float(one.total())
            outputs.append(one.output.T.copy())
        return self._share * total, np.concatenate(outputs)

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, ascended: bool = False
    ) -> list[float]:
        """Make iterations `first`, `first` + 1, …; the mean E that each met before its step.

        Ends early after an E that is not finite. `ascended` says that `measure` was the last to be
        called, so that the first way up is already made; only where `is_whole`.
        """
        # What the loop looks up, it looks up here.
        passes = [(one.ascend, one.total, one.descend) for one in self._passes]
        share, losses = self._share, []
        for iteration in range(first, first + count):
            sum_of_losses = 0.0
            for ascend, total, descend in passes:
                if not ascended:
                    for function, arguments in ascend:
                        function(*arguments)
                sum_of_losses += float(total())
                for function, arguments in descend:
                    function(*arguments)
            ascended = False
            losses.append(share * sum_of_losses)
            if not isfinite(sum_of_losses):
                break
            step(iteration)
        return losses
