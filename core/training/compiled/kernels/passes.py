"""Forward and backward over some panels: the loss, and the gradient where it is asked for.

`at` says where in the array `a` each buffer begins: `layout.Layout` assigns the places.
"""

from core.training.compiled.constants import ACTIVATIONS, DELTA, DELTA_BELOW, GRADIENT, PARAMETERS
from core.training.compiled.kernels.activations import activate, multiply_by_slope
from core.training.compiled.kernels.gradients import add_gradient
from core.training.compiled.kernels.output_layer import finish_forward
from core.training.compiled.kernels.products import weigh, weigh_back
from core.training.compiled.lanes.jit import compiled
from core.training.compiled.lanes.memory import lane_count, load
from core.training.compiled.lanes.operations import full


@compiled
def forward(a, at, sizes, codes, loss, x, y, panels, samples, scale):
    """From x^(0) to ŷ and δ^(L), with delta multiplied by `scale`; Σ E, lane by lane."""
    n = lane_count(a)
    layers = sizes.size - 1
    w, below = at[PARAMETERS], x
    for layer in range(layers - 1):
        d_in, d_out = sizes[layer], sizes[layer + 1]
        s = at[ACTIVATIONS + layer]
        for panel in range(panels):
            weigh(a, w, below + panel * (d_in + 1) * n, s, d_in, d_out, codes[layer])
            activate(a, codes[layer], s, d_out)
            s += (d_out + 1) * n
        w += d_out * (d_in + 1)
        below = at[ACTIVATIONS + layer]
    d_in, d_out, last = sizes[layers - 1], sizes[layers], codes[layers - 1]
    s, delta = at[ACTIVATIONS + layers - 1], at[DELTA]
    losses = full(load(a, w), 0.0)
    for panel in range(panels):
        weigh(a, w, below + panel * (d_in + 1) * n, s, d_in, d_out, last)
        left = min(n, samples - panel * n)
        losses = losses + finish_forward(a, loss, last, s, y, delta, d_out, left, scale)
        s += d_out * n
        y += d_out * n
        delta += d_out * n
    return losses


@compiled
def backward(a, at, sizes, codes, x, panels):
    """From δ^(L) down; adds to the gradient of every parameter."""
    n = lane_count(a)
    offset = 0
    for layer in range(sizes.size - 1):
        offset += sizes[layer + 1] * (sizes[layer] + 1)
    delta, delta_below = at[DELTA], at[DELTA_BELOW]
    for layer in range(sizes.size - 2, -1, -1):
        d_in, d_out = sizes[layer], sizes[layer + 1]
        offset -= d_out * (d_in + 1)
        below = at[ACTIVATIONS + layer - 1] if layer else x
        add_gradient(a, at[GRADIENT] + offset, delta, below, d_in, d_out, panels)
        if layer:
            w = at[PARAMETERS] + offset
            for panel in range(panels):
                d_x = delta_below + panel * d_in * n
                weigh_back(a, w, delta + panel * d_out * n, d_x, d_in, d_out)
                x_below = below + panel * (d_in + 1) * n
                multiply_by_slope(a, codes[layer - 1], d_x, x_below, d_in)
            delta, delta_below = delta_below, delta
