"""The derivative of E by a parameter by the complex step.

f(s + ih) = f(s) + ih f′(s) + O(h²): the imaginary part of E has the derivative, and nothing is
subtracted (Squire and Trapp, SIAM Review 40, 1998). At a kink the branch of the real part is taken
(Martins, Sturdza and Alonso, ACM Transactions on Mathematical Software 29, 2003, section 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from core.arrays import Array
from core.nn.forward import Trace
from core.nn.layer import Layer
from core.nn.losses import Loss

Method = Literal["complex_step"]

STEP = 1e-8
"""The imaginary part of s: its square vanishes beside 1, and even 1e-300 of it is a float."""


@dataclass(frozen=True, eq=False)
class GradientProblem:
    """What stays constant while parameters are perturbed, in float64."""

    layers: Sequence[Layer]
    trace: Trace
    y: Float[Array, "samples d_out"]
    loss: Loss


def differentiate(
    problem: GradientProblem,
    number: int,
    units: Int[Array, "stack"],
    change: Float[Array, "stack samples"],
) -> tuple[Float[Array, "stack samples"], dict[int, Bool[Array, "stack samples *units"]]]:
    """∂E/∂w of each sample where s of units[k] of layer `number` changes by change[k] per w.

    Also the units at their kink that the perturbation reaches: by layer, of the layer itself
    units[k] alone. The real parts of all s are those of the trace.
    """
    layers, trace = problem.layers, problem.trace
    kinks: dict[int, Array] = {}
    own, step, scale = trace.s[number].T[units], np.sign(change) * STEP, np.abs(change) / STEP
    if not layers[number].activation.analytic:
        kinks[number] = (own == 0.0) & (change != 0.0)
    if number == len(layers) - 1:
        steps = np.zeros((len(units), *trace.s[number].shape))
        steps[np.arange(len(units)), :, units] = step
    else:
        x_step = layers[number].activation.value(own + 1j * step).imag
        steps = x_step[:, :, None] * layers[number + 1].weights.T[units, None]
        steps, scale = _propagate(problem, number + 1, steps, scale, kinks)
    # The last layer: the loss itself.
    steps, scale = _rescale(steps, scale, _distance_from_poles(problem))
    last = layers[-1].activation
    if not last.analytic and number < len(layers) - 1:
        kinks[len(layers) - 1] = (trace.s[-1] == 0.0) & (steps != 0.0)
    losses = problem.loss.value_of_s(last, trace.s[-1] + 1j * steps, problem.y)
    return losses.imag * scale, kinks


def _propagate(
    problem: GradientProblem, first: int, steps: Array, scale: Array, kinks: dict[int, Array]
) -> tuple[Array, Array]:
    """Carry imaginary parts of s from layer `first` to the last layer; enter the kinks met."""
    for number in range(first, len(problem.layers) - 1):
        activation, s = problem.layers[number].activation, problem.trace.s[number]
        steps, scale = _rescale(steps, scale, np.ones_like(s))
        if not activation.analytic:
            kinks[number] = (s == 0.0) & (steps != 0.0)
        x_steps = activation.value(s + 1j * steps).imag
        steps = x_steps @ problem.layers[number + 1].weights.T
    return steps, scale


def _rescale(steps: Array, scale: Array, unit: Array) -> tuple[Array, Array]:
    """Bring the largest step of a layer to `STEP` times its `unit`, and the factor into the scale.

    E is linear in small steps. Without this, large weights would make them large, and a saturated
    layer would make them vanish.
    """
    largest = np.max(np.abs(steps) / unit, axis=-1) / STEP
    factor = np.where(largest > 0.0, largest, 1.0)
    return steps / factor[..., None], scale * factor


def _distance_from_poles(problem: GradientProblem) -> Array:
    """How far s of the last layer is from a pole of the logarithms in E; 1 at most."""
    s, output = problem.trace.s[-1], problem.trace.output
    distance = np.ones_like(s)
    if np.isfinite(problem.loss.bounds).any():
        for pole in problem.layers[-1].activation.logs.poles:
            gap = np.abs(output - pole)
            distance = np.minimum(distance, np.where(gap > 0.0, gap, 1.0))
    return distance
