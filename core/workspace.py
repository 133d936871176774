"""The training loop's own arithmetic: the textbook's, in buffers made once.

Parameters live in one flat vector. A layer's part of it is viewed as [w | b], (d_out, d_in + 1),
and every x^(l) carries a row of ones below it, so that one matrix product weighs and adds the bias,
and one more gives both gradients. Arrays are (units, samples) here, so that those rows are
contiguous.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from core.activations import Activation
from core.arrays import Array
from core.layer import Layer
from core.losses import SQUARED, Loss


def flatten(layers: Sequence[Layer], dtype: np.dtype | type) -> Array:
    """All parameters as one vector, layer by layer, each as the rows of [w | b]."""
    return np.concatenate(
        [np.column_stack([layer.weights, layer.biases]).ravel() for layer in layers]
    ).astype(dtype)


def unflatten(
    parameters: Array, sizes: Sequence[int], activations: Sequence[Activation]
) -> tuple[Layer, ...]:
    """The layers whose parameters stand in the vector; copies, so the vector may change."""
    return tuple(
        Layer(matrix[:, :-1].copy(), matrix[:, -1].copy(), activation)
        for matrix, activation in zip(_matrices(parameters, sizes), activations, strict=True)
    )


def parameter_count(sizes: Sequence[int]) -> int:
    """The length of the flat vector."""
    return sum(d_out * (d_in + 1) for d_in, d_out in pairwise(sizes))


def _matrices(vector: Array, sizes: Sequence[int]) -> list[Array]:
    """Views of the vector, one [w | b] per layer."""
    ends = np.cumsum([d_out * (d_in + 1) for d_in, d_out in pairwise(sizes)])
    parts = np.split(vector, ends[:-1])
    return [
        part.reshape(d_out, d_in + 1)
        for part, (d_in, d_out) in zip(parts, pairwise(sizes), strict=True)
    ]


class Workspace:
    """Loss and gradient of a fixed number of samples, as often as asked, without allocation."""

    def __init__(
        self,
        parameters: Array,
        gradient: Array,
        sizes: Sequence[int],
        activations: Sequence[Activation],
        loss: Loss,
        samples: int,
    ) -> None:
        """Views on `parameters` and `gradient`, which the caller owns and may change in between."""
        dtype = parameters.dtype
        self.samples = samples
        self._loss = loss
        self._activations = tuple(activations)
        self._w_and_b = _matrices(parameters, sizes)
        self._gradients = _matrices(gradient, sizes)
        self._w_transposed = [matrix[:, :-1].T for matrix in self._w_and_b]
        self._x_with_ones = [np.ones((size + 1, samples), dtype) for size in sizes]
        # BLAS wants the samples of x^(0) as they are stored, one row each.
        self._x_rows = np.ones((samples, sizes[0] + 1), dtype)
        self._x_with_ones[0] = self._x_rows.T
        self._x = [x[:-1] for x in self._x_with_ones]
        self._delta = [np.empty((size, samples), dtype) for size in sizes[1:]]
        self._scratch = [np.empty((size, samples), dtype) for size in sizes[1:]]
        self._y = np.empty((sizes[-1], samples), dtype)
        canonical = loss.canonical
        self._is_canonical = canonical is not None and canonical.activation is activations[-1]

    def load(self, x: Array, y: Array, rows: np.ndarray) -> None:
        """Take those rows of x (·, d^(0)) and y (·, d^(L)) as the samples to work on."""
        self._x_rows[:, :-1] = x[rows]
        self._y[...] = y[rows].T

    def loss(self) -> float:
        """Mean E at the present parameters."""
        self._forward_below()
        return self._top()

    def loss_and_gradient(self) -> float:
        """Mean E at the present parameters; its gradient stands in the gradient vector."""
        self._forward_below()
        value = self._top()
        self._backward()
        return value

    def output(self) -> Array:
        """ŷ of the last pass, (samples, d^(L)); a view that the next pass overwrites."""
        return self._x[-1].T

    def _forward_below(self) -> None:
        for number, activation in enumerate(self._activations[:-1]):
            x = self._x[number + 1]
            np.matmul(self._w_and_b[number], self._x_with_ones[number], out=x)
            activation.activate(x)

    def _top(self) -> float:
        """Finish the forward pass: mean E, and delta of the last layer divided by the samples."""
        activation, s, delta, y = self._activations[-1], self._x[-1], self._delta[-1], self._y
        np.matmul(self._w_and_b[-1], self._x_with_ones[-2], out=s)
        if self._loss is SQUARED:
            activation.activate(s)
            np.subtract(s, y, out=delta)
            flat = delta.reshape(-1)
            total = 0.5 * float(np.dot(flat, flat))
            activation.multiply_by_slope(delta, s, self._scratch[-1])
        elif self._is_canonical and self._loss.canonical is not None:
            total = float(self._loss.canonical.value(s.T, y.T).sum())
            activation.activate(s)
            delta[...] = self._loss.canonical.delta(s.T, y.T).T
        else:
            activation.activate(s)
            total = float(self._loss.value(s.T, y.T).sum())
            delta[...] = self._loss.gradient(s.T, y.T).T
            activation.multiply_by_slope(delta, s, self._scratch[-1])
        np.multiply(delta, 1.0 / self.samples, out=delta)
        return total / self.samples

    def _backward(self) -> None:
        delta = self._delta[-1]
        np.matmul(delta, self._x_with_ones[-2].T, out=self._gradients[-1])
        for number in range(len(self._activations) - 2, -1, -1):
            below = self._delta[number]
            np.matmul(self._w_transposed[number + 1], delta, out=below)
            self._activations[number].multiply_by_slope(
                below, self._x[number + 1], self._scratch[number]
            )
            np.matmul(below, self._x_with_ones[number].T, out=self._gradients[number])
            delta = below
