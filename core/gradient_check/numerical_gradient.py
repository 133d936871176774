"""∂E/∂w without the chain rule: perturb a parameter, see what becomes of E.

A perturbed w_ij of layer l changes nothing but s_i, by h x_j. So stacks of perturbed s_i are
carried up from layer l, in blocks, and nothing below it is ever computed again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float

from core.arrays import Array
from core.gradient_check.perturbation import STEP, GradientProblem, differentiate, method_for
from core.nn.forward import forward
from core.nn.layer import Layer
from core.nn.losses import Loss

# What a value of an activation costs, in multiplications, and with it the loop around it.
ACTIVATION_OPERATIONS = 20

# Numbers of s in one stack of perturbations: a few megabytes, whatever the network.
STACK = 2**17


@dataclass(frozen=True, eq=False)
class NumericalGradient:
    """∂E/∂[w | b] of one layer, summed over the samples; b is the last column.

    A sample counts for a parameter unless the step carries some unit over its kink, where there is
    no derivative; backpropagation's own term stands in for such a sample.
    """

    value: Float[Array, "d_out columns"]
    magnitude: Float[Array, "d_out columns"]
    """The sum over the samples of each one's |∂E/∂w|."""
    counts: Bool[Array, "d_out columns"]
    """Whether any sample counts."""
    reach: Float[Array, "columns"]
    """max |x_j|, 1 for b: how far a change of w_ij moves s_i."""
    kinks: tuple[Bool[Array, "samples _"], ...]
    """For every layer, which units were carried over their kink."""


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
    """One per layer, computed in float64 whatever the layers are in.

    `delta` is backpropagation's, for the samples at a kink and for nothing else. Raises `NotFinite`
    where the forward pass does.
    """
    exact = [layer.astype(np.float64) for layer in layers]
    trace = forward(exact, x.astype(np.float64))
    question = GradientProblem(exact, trace, y.astype(np.float64), loss, method_for(layers))
    with np.errstate(all="ignore"):
        return tuple(_layer_gradient(question, number, own) for number, own in enumerate(delta))


def _layer_gradient(question: GradientProblem, number: int, delta: Array) -> NumericalGradient:
    layer, trace = question.layers[number], question.trace
    x_and_one = np.column_stack([trace.x[number], np.ones(len(trace.output))]).T
    reach = _reach(x_and_one)
    # No sample's s changes by more than STEP.
    step = STEP[question.method] / reach
    value, magnitude = np.empty((2, layer.d_out, layer.d_in + 1))
    counts = np.empty(value.shape, dtype=bool)
    kinks = tuple(np.zeros(s.shape, dtype=bool) for s in trace.s)
    width = max(above.d_out for above in question.layers[number:])
    for block in _blocks(value.size, max(1, STACK // (width * x_and_one.shape[1]))):
        units, columns = np.unravel_index(np.arange(block.start, block.stop), value.shape)
        h = step[columns, None]
        derivative, crossings = differentiate(question, number, units, h * x_and_one[columns], h)
        unknown = ~np.isfinite(derivative)
        for above, crossing in crossings.items():
            unknown |= crossing.reshape(*derivative.shape, -1).any(axis=-1)
            _mark(kinks[above], crossing, units if above == number else None)
        derivative = np.where(unknown, delta.T[units] * x_and_one[columns], derivative)
        value.flat[block] = derivative.sum(axis=1)
        magnitude.flat[block] = np.abs(derivative).sum(axis=1)
        counts.flat[block] = ~unknown.all(axis=1)
    return NumericalGradient(value, magnitude, counts, reach, kinks)


def _mark(kinks: Array, crossing: Array, units: Array | None) -> None:
    """Enter what crossed in a stack of whole layers, or of the perturbed units alone."""
    if units is None:
        np.logical_or(kinks, crossing.any(axis=0), out=kinks)
    else:
        np.logical_or.at(kinks.T, units, crossing)


def _reach(x_and_one: Array) -> Array:
    peak = np.abs(x_and_one).max(axis=1)
    return np.where(peak > 1e-100, peak, 1.0)


def _blocks(length: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, length)) for start in range(0, length, size))
