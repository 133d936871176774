"""∂E/∂w without the chain rule: perturb a parameter and evaluate E.

A perturbed w_ij of layer l changes s_i alone, by h x_j. So stacks of perturbed s_i are carried up
from layer l, in blocks, and nothing below it is computed again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from core.arrays import Array
from core.gradient_check.perturbation import GradientProblem, differentiate
from core.nn.forward import forward
from core.nn.inplace_activations import ACTIVATION_OPERATIONS
from core.nn.layer import Layer
from core.nn.losses import Loss

STACK = 2**17
"""Numbers of s in one stack of perturbations: a few megabytes for any network."""


@dataclass(frozen=True, eq=False)
class NumericalGradient:
    """∂E/∂[w | b] of one layer, summed over the samples; b is the last column.

    A sample counts for a parameter unless a unit that the step reaches is at its kink, where there
    is no derivative; backpropagation's own term replaces that of such a sample.
    """

    value: Float[Array, "d_out columns"]
    magnitude: Float[Array, "d_out columns"]
    """The sum over the samples of each one's |∂E/∂w|."""
    counts: Bool[Array, "d_out columns"]
    """Whether any sample counts."""
    reach: Float[Array, "columns"]
    """max |x_j|, 1 for b: how far a change of w_ij moves s_i."""
    kinks: tuple[Bool[Array, "samples _"], ...]
    """For every layer, which units are at their kink."""


def gradient_check_operations(sizes: Sequence[int], samples: int) -> int:
    """Floating-point operations of `numerical_gradients`, about; some 0.3 to 2 ns each."""
    total = 0
    for number, (d_in, d_out) in enumerate(pairwise(sizes), start=1):
        above = sizes[number + 1 :] or sizes[-1:]
        products = above[0] + sum(below * width for below, width in pairwise(above))
        total += d_out * (d_in + 1) * (2 * products + ACTIVATION_OPERATIONS * (1 + sum(above)))
    return 2 * samples * total


def numerical_gradients(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
    delta: Sequence[Float[Array, "samples _"]],
) -> tuple[NumericalGradient, ...]:
    """The numerical gradient of each layer, computed in float64.

    `delta` is backpropagation's, used for the samples at a kink alone. Raises `NotFinite` where the
    forward pass does.
    """
    exact = [layer.astype(np.float64) for layer in layers]
    trace = forward(exact, x.astype(np.float64))
    problem = GradientProblem(exact, trace, y.astype(np.float64), loss)
    with np.errstate(all="ignore"):
        return tuple(_layer_gradient(problem, number, own) for number, own in enumerate(delta))


def _layer_gradient(problem: GradientProblem, number: int, delta: Array) -> NumericalGradient:
    layer, trace = problem.layers[number], problem.trace
    x_and_one = np.column_stack([trace.x[number], np.ones(len(trace.output))]).T
    value, magnitude = np.empty((2, layer.d_out, layer.d_in + 1))
    counts = np.empty(value.shape, dtype=bool)
    kinks = tuple(np.zeros(s.shape, dtype=bool) for s in trace.s)
    width = max(above.d_out for above in problem.layers[number:])
    for block in _blocks(value.size, max(1, STACK // (width * x_and_one.shape[1]))):
        units, columns = np.unravel_index(np.arange(block.start, block.stop), value.shape)
        derivative, at_kinks = differentiate(problem, number, units, x_and_one[columns])
        unknown = ~np.isfinite(derivative)
        for above, at_kink in at_kinks.items():
            unknown |= at_kink.reshape(*derivative.shape, -1).any(axis=-1)
            _mark(kinks[above], at_kink, units if above == number else None)
        derivative = np.where(unknown, delta.T[units] * x_and_one[columns], derivative)
        value.flat[block] = derivative.sum(axis=1)
        magnitude.flat[block] = np.abs(derivative).sum(axis=1)
        counts.flat[block] = ~unknown.all(axis=1)
    return NumericalGradient(value, magnitude, counts, _reach(x_and_one), kinks)


def _mark(kinks: Array, at_kink: Array, units: Array | None) -> None:
    """Enter the kinks of a stack of whole layers, or of the perturbed units alone."""
    if units is None:
        np.logical_or(kinks, at_kink.any(axis=0), out=kinks)
    else:
        np.logical_or.at(kinks.T, units, at_kink)


def _reach(x_and_one: Array) -> Array:
    peak = np.abs(x_and_one).max(axis=1)
    return np.where(peak > 1e-100, peak, 1.0)


def _blocks(length: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, length)) for start in range(0, length, size))
