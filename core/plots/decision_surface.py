"""What a network with two inputs decides, everywhere, under the data it learned from."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.errors import ShapeMismatch
from core.neural_network import NeuralNetwork
from core.plots.extent import at_most, extent
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import category, marker
from core.plots.prediction_grid import lattice
from core.plots.surface_layers import probability, regions, values

ASPECT, ASPECT_BESIDE_A_BAR = 1.72, 1.55
"""Width to height of the room for the axes, without and with a colour bar."""

MAX_ALIKE = 4.0
"""Up to this ratio of width to height (or its inverse) both axes get the same scale."""

MAX_SAMPLES = 2_000
MAX_NAMES = 12


def decision_surface(
    network: NeuralNetwork,
    x: Float[Array, "samples 2"],
    y: Float[Array, "samples d_out"],
    title: str | None = None,
) -> Figure:
    """Draw ŷ over the plane of x, with at most 2000 of the samples on top.

    One output and y of 0 and 1: the surface of ŷ and the line ŷ = 0.5. One output and other y: the
    surface, with the samples in the colours of their y. Several outputs: the regions in which each
    is the largest, and the samples by the largest entry of y.
    Raises `ShapeMismatch` unless the network has two inputs and as many outputs as y,
    `OutOfDomain` when x or y reaches beyond 1e100, `NotFinite` from the forward pass.
    """
    if network.sizes[0] != 2:
        raise ShapeMismatch(
            f"a surface needs 2 inputs, but the network has {network.sizes[0]}", ("network",)
        )
    if network.sizes[-1] != y.shape[1]:
        raise ShapeMismatch(
            f"y has {y.shape[1]} numbers per sample, but the network {network.sizes[-1]} outputs",
            ("y",),
        )
    figure = new_figure("The decision surface of a network with two inputs", title)
    axes = figure.add_subplot()
    aspect = ASPECT if y.shape[1] > 1 else ASPECT_BESIDE_A_BAR
    across, up = _window(x, axes, aspect)
    ground = lattice(network, across, up, aspect)
    chosen = at_most(MAX_SAMPLES, len(x))
    points, targets = x[chosen], y[chosen]
    if y.shape[1] > 1:
        regions(axes, ground)
        _classes(axes, points, targets.argmax(axis=1), y.shape[1])
    elif np.isin(y, (0.0, 1.0)).all():
        probability(figure, axes, ground)
        _classes(axes, points, targets[:, 0].astype(np.intp), 2)
    else:
        values(figure, axes, ground, points, targets[:, 0])
    axes.set(xlim=across, ylim=up)
    style_axes(axes, "x₁", "x₂")
    axes.grid(visible=False)
    legend_below(figure)
    return figure


def _window(x: Array, axes: Axes, aspect: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Frame the samples; where both coordinates are of a size, a circle stays a circle."""
    across, up = extent(x[:, 0], "x"), extent(x[:, 1], "x")
    width, height = across[1] - across[0], up[1] - up[0]
    if 1.0 / MAX_ALIKE <= width / height <= MAX_ALIKE:
        axes.set_aspect("equal")
        across = _widened(across, max(1.0, aspect * height / width))
        up = _widened(up, max(1.0, width / height / aspect))
    return across, up


def _widened(interval: tuple[float, float], factor: float) -> tuple[float, float]:
    beyond = 0.5 * (factor - 1.0) * (interval[1] - interval[0])
    return interval[0] - beyond, interval[1] + beyond


def _classes(axes: Axes, points: Array, labels: Array, count: int) -> None:
    """Draw each class in its colour and with its marker."""
    for position, label in enumerate(np.unique(labels)):
        mine = points[labels == label]
        axes.scatter(
            mine[:, 0],
            mine[:, 1],
            s=float(np.clip(6000 / len(points), 9, 34)),
            color=category(int(label), count),
            marker=marker(int(label)),
            edgecolors="white",
            linewidths=0.6,
            zorder=3,
            label=f"class {label}" if position < MAX_NAMES else None,
        )
