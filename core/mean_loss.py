"""E of a network on given samples, before any training."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from core.arrays import Array, require_finite
from core.forward import forward
from core.layer import Layer
from core.losses import Loss, sample_losses


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
