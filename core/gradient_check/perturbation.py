"""The derivative of E by what one unit of a layer receives: complex step or central differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from core.arrays import Array
from core.nn.forward import Trace, pre_activation
from core.nn.layer import Layer
from core.nn.losses import Loss, sample_losses

Method = Literal["complex_step", "central_differences"]

# The largest change of s. Complex: h² vanishes beside 1, and nothing is subtracted (Squire and
# Trapp, SIAM Review 40, 1998). Central: cbrt(eps) balances rounding with the third derivative.
STEP: dict[Method, float] = {
    "complex_step": 1e-20,
    "central_differences": float(np.cbrt(np.finfo(np.float64).eps)),
}


@dataclass(frozen=True, eq=False)
class GradientProblem:
    """All that stays as it is while parameters are perturbed, in float64."""

    layers: Sequence[Layer]
    trace: Trace
    y: Float[Array, "samples d_out"]
    loss: Loss
    method: Method


def method_for(layers: Sequence[Layer]) -> Method:
    """The complex step where every activation is analytic, central differences elsewhere."""
    analytic = all(layer.activation.analytic for layer in layers)
    return "complex_step" if analytic else "central_differences"


def differentiate(
    question: GradientProblem,
    number: int,
    units: Int[Array, "stack"],
    change: Float[Array, "stack samples"],
    h: Float[Array, "stack 1"],
) -> tuple[Float[Array, "stack samples"], dict[int, Bool[Array, "stack samples *units"]]]:
    """∂E/∂w of each sample where s of units[k] of layer `number` changes by change[k] with h[k].

    Also the units that crossed a kink: by layer, of the layer itself units[k] alone.
    """
    if question.method == "complex_step":
        losses, _ = _perturbed_losses(question, number, units, 1j * change)
        return losses.imag / h, {}
    up, active = _perturbed_losses(question, number, units, change)
    down, still_active = _perturbed_losses(question, number, units, -change)
    crossings = {above: active[above] != still_active[above] for above in active}
    return (up - down) / (2.0 * h), crossings


def _perturbed_losses(
    question: GradientProblem, number: int, units: Array, change: Array
) -> tuple[Array, dict[int, Array]]:
    """E of each sample when s of units[k] becomes s + change[k]; and which kinked units are on."""
    layers, trace = question.layers, question.trace
    own = trace.s[number].T[units] + change
    active = {} if layers[number].activation.analytic else {number: own > 0.0}
    if number == len(layers) - 1:
        s = np.repeat(trace.s[number][None].astype(own.dtype), len(units), axis=0)
        s[np.arange(len(units)), :, units] = own
    else:
        x_change = layers[number].activation.value(own) - trace.x[number + 1].T[units]
        number += 1
        s = trace.s[number] + x_change[:, :, None] * layers[number].weights.T[units, None]
    for above, layer in enumerate(layers[number:-1], start=number):
        if not layer.activation.analytic:
            active[above] = s > 0.0
        s = pre_activation(layers[above + 1], layer.activation.value(s))
    last = layers[-1].activation
    if not last.analytic:
        active.setdefault(len(layers) - 1, s > 0.0)
    return sample_losses(question.loss, last, s, last.value(s), question.y), active
