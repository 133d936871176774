"""What a network with two inputs decides, everywhere, under the data it learned from."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.errors import ShapeMismatch, counted
from core.neural_network import NeuralNetwork
from core.plots.extent import at_most, extent
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import category, marker
from core.plots.prediction_grid import PredictionGrid, last_layer, lattice
from core.plots.surface_layers import probability, regions, values

ASPECT, ASPECT_BESIDE_A_BAR = 1.72, 1.55
"""Width to height of the room for the axes, without and with a colour bar."""

MAX_ALIKE = 4.0
"""Up to this ratio of width to height (or its inverse) both axes get the same scale."""

MAX_SAMPLES = 2_000
MAX_PANELS = 6
PANEL_GRID = {1: (1, 1), 2: (1, 2), 3: (1, 3), 4: (2, 2), 5: (2, 3), 6: (2, 3)}
"""Rows and columns by the number of panels."""
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MAX_NAMES = 12


def decision_surface(
    network: NeuralNetwork,
    x: Float[Array, "samples 2"],
    y: Float[Array, "samples d_out"],
    title: str | None = None,
) -> Figure:
    """Draw ŷ over the plane of x, with at most 2000 of the samples on top.

    Softmax: the regions in which each output is the largest, and the samples by the largest entry
    of y. Other outputs are not exclusive: a panel each, of at most six. A panel with y of 0 and 1
    has the surface of ŷ and the line ŷ = 0.5; with other y the samples have the colours of their y.
    Raises `ShapeMismatch` unless the network has two inputs and as many outputs as y,
    `OutOfDomain` when x or y reaches beyond 1e100, `NotFinite` from the forward pass.
    """
    if network.sizes[0] != 2:
        raise ShapeMismatch(
            f"a surface needs 2 inputs, but the network has {network.sizes[0]}", ("network",)
        )
    if network.sizes[-1] != y.shape[1]:
        raise ShapeMismatch(
            f"y has {counted(y.shape[1], 'number')} per sample, "
            f"but the network has {counted(network.sizes[-1], 'output')}",
            ("y",),
        )
    figure = new_figure("The decision surface of a network with two inputs", title)
    chosen = at_most(MAX_SAMPLES, len(x))
    points, targets = x[chosen], y[chosen]
    exclusive = network.layers[-1].activation.couples_units
    panels = 1 if exclusive else min(y.shape[1], MAX_PANELS)
    rows, columns = PANEL_GRID[panels]
    aspect = (ASPECT if exclusive else ASPECT_BESIDE_A_BAR) * rows / columns
    drawn = list(figure.subplots(rows, columns, squeeze=False).ravel())
    across, up = _window(x, drawn[:panels], aspect)
    ground = lattice(network, across, up, aspect)
    predicted = last_layer(network, points)[1]
    for output, axes in enumerate(drawn[:panels]):
        if exclusive:
            regions(axes, ground)
            _classes(axes, points, targets.argmax(axis=1), y.shape[1])
        else:
            _panel(figure, axes, ground, points, targets[:, output], predicted[:, output], output)
            if panels > 1:
                axes.set_title(f"ŷ{str(output + 1).translate(SUBSCRIPTS)}", fontsize=10.5)
        axes.set(xlim=across, ylim=up)
        style_axes(axes, "x₁", "x₂")
        axes.grid(visible=False)
    for axes in drawn[panels:]:
        axes.set_axis_off()
    legend_below(figure)
    return figure


def _panel(
    figure: Figure,
    axes: Axes,
    ground: PredictionGrid,
    points: Array,
    y: Array,
    predicted: Array,
    output: int,
) -> None:
    """Draw one output: a probability where y is 0 or 1, otherwise a value."""
    if np.isin(y, (0.0, 1.0)).all():
        probability(figure, axes, ground, output)
        name = "class {}" if ground.output.shape[2] == 1 else "y = {}"
        _classes(axes, points, y.astype(np.intp), 2, name)
    else:
        values(figure, axes, ground, points, y, predicted, output)


def _window(
    x: Array, panels: Sequence[Axes], aspect: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Frame the samples; where both coordinates are of a size, a circle stays a circle."""
    across, up = extent(x[:, 0], "x"), extent(x[:, 1], "x")
    width, height = across[1] - across[0], up[1] - up[0]
    if 1.0 / MAX_ALIKE <= width / height <= MAX_ALIKE:
        for axes in panels:
            axes.set_aspect("equal")
        across = _widened(across, max(1.0, aspect * height / width))
        up = _widened(up, max(1.0, width / height / aspect))
    return across, up


def _widened(interval: tuple[float, float], factor: float) -> tuple[float, float]:
    beyond = 0.5 * (factor - 1.0) * (interval[1] - interval[0])
    return interval[0] - beyond, interval[1] + beyond


def _classes(axes: Axes, points: Array, labels: Array, count: int, name: str = "class {}") -> None:
    """Draw each class in its colour and with its marker, under its name."""
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
            label=name.format(label) if position < MAX_NAMES else None,
        )
