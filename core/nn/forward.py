"""The forward pass: every layer's s and x, kept for whoever reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Inexact

from core.arrays import Array, require_finite
from core.nn.layer import Layer
from core.nn.losses import Loss, sample_losses


@dataclass(frozen=True, eq=False)
class Trace:
    """What a forward pass leaves behind: s^(1), …, s^(L) and x^(0), …, x^(L), row per sample."""

    s: tuple[Float[Array, "samples _"], ...]
    x: tuple[Float[Array, "samples _"], ...]

    @property
    def output(self) -> Float[Array, "samples d_out"]:
        """ŷ = x^(L)."""
        return self.x[-1]


def pre_activation(
    layer: Layer, x_below: Inexact[Array, "*stack samples d_in"]
) -> Inexact[Array, "*stack samples d_out"]:
    """Weigh what comes from below: s^(l) = w^(l) x^(l-1) + b^(l), one row per sample."""
    return x_below @ layer.weights.T + layer.biases


def forward(layers: Sequence[Layer], x: Float[Array, "samples d_in"]) -> Trace:
    """Carry x^(0) up through the layers.

    Raises `NotFinite` with the layer in which a number leaves the range of floats.
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
    with np.errstate(all="ignore"):
        losses = sample_losses(loss, layers[-1].activation, trace.s[-1], trace.output, y)
        if np.isnan(losses).any():
            loss.require_domain(trace.output, "output")
        mean = losses.mean()
    require_finite(np.asarray(mean), "the loss of the network to begin with", ("data",))
    return float(mean)
