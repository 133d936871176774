"""The forward pass: s and x of every layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array, require_finite
from core.nn.layer import Layer
from core.nn.losses import Loss


@dataclass(frozen=True, eq=False)
class Trace:
    """The result of a forward pass: s^(1), …, s^(L) and x^(0), …, x^(L), one row per sample."""

    s: tuple[Float[Array, "samples _"], ...]
    x: tuple[Float[Array, "samples _"], ...]

    @property
    def output(self) -> Float[Array, "samples d_out"]:
        """ŷ = x^(L)."""
        return self.x[-1]


def pre_activation(
    layer: Layer, x_below: Inexact[Array, "*stack samples d_in"]
) -> Inexact[Array, "*stack samples d_out"]:
    """Pre-activation s^(l) = w^(l) x^(l-1) + b^(l), one row per sample."""
    return x_below @ layer.weights.T + layer.biases


def forward(layers: Sequence[Layer], x: Float[Array, "samples d_in"]) -> Trace:
    """s and x of every layer for the samples x^(0).

    Raises `NotFinite` with the layer in which a number overflows.
    """
    s_of, x_of = [], [x]
    with np.errstate(all="ignore"):
        for number, layer in enumerate(layers, start=1):
            s = pre_activation(layer, x_of[-1])
            require_finite(s, f"s of layer {number}", ("network", "layers", number - 1))
            x_of.append(layer.activation.value(s))
            s_of.append(s)
    return Trace(s=tuple(s_of), x=tuple(x_of))


def mean_loss(
    layers: Sequence[Layer],
    x: Float[Array, "samples d_in"],
    y: Float[Array, "samples d_out"],
    loss: Loss,
) -> float:
    """E, averaged over the samples; raises `OutOfDomain`, `NotFinite`."""
    trace = forward(layers, x)
    loss.require_domain(trace.output, "output", ("network",))
    with np.errstate(all="ignore"):
        mean = loss.value_of_s(layers[-1].activation, trace.s[-1], y).mean()
    require_finite(np.asarray(mean), "the loss of the initial network", ("data",))
    return float(mean)
