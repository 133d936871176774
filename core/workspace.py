"""The training loop's own arithmetic: the textbook's, in buffers made once.

Parameters live in one flat vector. A layer's part of it is viewed as [w | b], (d_out, d_in + 1),
and every x^(l) carries a row of ones below it, so that one matrix product weighs and adds the bias,
and one more gives both gradients. Arrays are (units, samples), so that those rows are in one piece.
"""

from collections.abc import Callable, Sequence
from math import isfinite

import numpy as np
from jaxtyping import Float

from core.activations import Activation
from core.arrays import Array
from core.calls import Call, constant, perform
from core.losses import Loss
from core.parameters import matrices
from core.samples import Samples
from core.top import top


class Workspace:
    """Loss and gradient of some samples, as often as asked, without allocation."""

    def __init__(
        self,
        parameters: Float[Array, " p"],
        gradient: Float[Array, " p"],
        sizes: Sequence[int],
        activations: Sequence[Activation],
        loss: Loss,
        samples: Samples,
    ) -> None:
        """Views on all three: the caller may change their numbers in between, and says so of y."""
        count, dtype = len(samples), parameters.dtype
        self.samples = samples
        self._w_and_b = matrices(parameters, sizes)
        self._gradients = matrices(gradient, sizes)
        self._activations = tuple(activations)
        hidden = [np.ones((size + 1, count), dtype) for size in sizes[1:-1]]
        self._x = [samples.x_and_one.T, *hidden, np.empty((sizes[-1], count), dtype)]
        self._room = np.empty((3, (max(sizes[1:]) + 1) * count), dtype)
        delta = self._delta(len(hidden), sizes[-1])
        above = top(loss, activations[-1], self._x[-1], samples.y, delta)
        self._ascend = [*self._up(), *above.ascend]
        self._total = above.total
        self._descend = [*above.descend, *self._down(delta)]
        self._loaded = above.loaded
        self._share = above.unit / count
        self.refresh()

    def refresh(self) -> None:
        """Take notice of a new y."""
        perform(self._loaded)

    def loss(self) -> float:
        """Mean E at the present parameters."""
        perform(self._ascend)
        return self._share * float(self._total())

    def output(self) -> Float[Array, "samples d"]:
        """ŷ of the last pass; a view that the next pass overwrites."""
        return self._x[-1].T

    def iterate(
        self, step: Callable[[int], None], first: int, count: int, ascended: bool = False
    ) -> list[float]:
        """Make iterations `first`, `first` + 1, …; the mean E that each met before its step.

        Ends early after an E that is not finite. `ascended` says that `loss` was the last to be
        called, so that the first way up is already made.
        """
        # What is looked up here is looked up once.
        ascend, total, descend = self._ascend, self._total, self._descend
        totals: list[float] = []
        for iteration in range(first, first + count):
            if not ascended:
                for function, arguments in ascend:
                    function(*arguments)
            ascended = False
            totals.append(total())
            if not isfinite(totals[-1]):
                break
            for function, arguments in descend:
                function(*arguments)
            step(iteration)
        return [self._share * float(value) for value in totals]

    def _up(self) -> list[Call]:
        """From x^(0) to s^(L)."""
        calls: list[Call] = []
        for number, activation in enumerate(self._activations[:-1]):
            s = self._x[number + 1][:-1]
            calls.append((np.dot, (self._w_and_b[number], self._x[number], s)))
            calls += activation.activate(s)
        return [*calls, (np.dot, (self._w_and_b[-1], self._x[-2], self._x[-1]))]

    def _down(self, delta: Array) -> list[Call]:
        """From δ^(L) of the sum to every gradient of the mean."""
        calls: list[Call] = []
        if delta.shape[1] > 1:
            calls.append((np.multiply, (delta, constant(1.0 / delta.shape[1], delta), delta)))
        for number in range(len(self._activations) - 1, 0, -1):
            x, w_and_b = self._x[number], self._w_and_b[number]
            calls.append((np.dot, (delta, x.T, self._gradients[number])))
            # One row more than there are units, which belongs to the ones: a matrix in one piece
            # is worth more to BLAS.
            d_x = self._delta(number - 1, len(x))
            calls.append((np.dot, (w_and_b.T, delta, d_x)))
            delta, scratch = d_x[:-1], self._buffer(2, len(x) - 1)
            calls += self._activations[number - 1].multiply_by_slope(delta, x[:-1], scratch)
        return [*calls, (np.dot, (delta, self._x[0].T, self._gradients[0]))]

    def _delta(self, number: int, units: int) -> Array:
        # A layer's delta is needed until that of the layer below is there, so two take turns.
        return self._buffer(number % 2, units)

    def _buffer(self, number: int, units: int) -> Array:
        samples = self._x[-1].shape[1]
        return self._room[number, : units * samples].reshape(units, samples)
