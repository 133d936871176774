"""What a network with one input predicts between and beyond its data."""

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from core.arrays import Array
from core.errors import ShapeMismatch, counted
from core.neural_network import NeuralNetwork
from core.plots.extent import at_most, extent
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import VERMILLION, category, marker, tint
from core.plots.prediction_grid import last_layer

POINTS = 1_200
MAX_SAMPLES = 2_000
MAX_OUTPUTS = 7


def prediction(
    network: NeuralNetwork,
    x: Float[Array, "samples 1"],
    y: Float[Array, "samples d_out"],
    title: str | None = None,
) -> Figure:
    """Draw each output of the network over x as a line, and its samples (at most 2000) as points.

    Of more than seven outputs the first seven are drawn. Raises `ShapeMismatch` unless the network
    has one input and as many outputs as y, `OutOfDomain` when x or y reaches beyond 1e100,
    `NotFinite` from the forward pass.
    """
    if network.sizes[0] != 1:
        raise ShapeMismatch(
            f"a curve needs 1 input, but the network has {network.sizes[0]}", ("network",)
        )
    if network.sizes[-1] != y.shape[1]:
        raise ShapeMismatch(
            f"y has {counted(y.shape[1], 'number')} per sample, "
            f"but the network has {counted(network.sizes[-1], 'output')}",
            ("y",),
        )
    across = extent(x, "x")
    # The samples' own x are among the points, so a narrow peak at one of them is not missed.
    chosen = at_most(MAX_SAMPLES, len(x))
    line = np.union1d(np.linspace(*across, POINTS), x[chosen, 0])
    _, curves = last_layer(network, line[:, np.newaxis])
    up = extent(np.concatenate([curves.ravel(), y[chosen].ravel()]), "y")
    figure = new_figure("The prediction of a network with one input", title)
    axes = figure.add_subplot()
    count = y.shape[1]
    for k in range(min(count, MAX_OUTPUTS)):
        suffix = f" {k + 1}" if count > 1 else ""
        data_colour = tint(category(k, count), 0.6)
        line_colour = category(k, count) if count > 1 else VERMILLION
        axes.scatter(
            x[chosen, 0],
            y[chosen, k],
            s=float(np.clip(6000 / len(chosen), 9, 30)),
            color=data_colour,
            marker=marker(k),
            edgecolors="white",
            linewidths=0.5,
            label=f"data y{suffix}",
        )
        axes.plot(
            line, curves[:, k], color=line_colour, linewidth=2.0, label=f"prediction ŷ{suffix}"
        )
    axes.set(xlim=across, ylim=up)
    style_axes(axes, "x", "y")
    legend_below(figure)
    return figure
