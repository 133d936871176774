"""The error of each prediction of a number."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.plots.extent import at_most, extent
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import BLUE, GREY, VERMILLION

MAX_POINTS = 5000
MAX_TARGETS = 4
BINS = 30


def residuals(
    y: Float[Array, "rows targets"],
    output: Float[Array, "rows targets"],
    names: Sequence[str],
    title: str | None = None,
) -> Figure:
    """Draw ŷ - y over ŷ, and how often each error is; a panel for each of up to 4 targets.

    Of more than 5,000 rows, as many are drawn, evenly chosen. Raises `OutOfDomain` for numbers
    that are too large to draw.
    """
    figure = new_figure("The residuals", title)
    count = min(len(names), MAX_TARGETS)
    panels = figure.subplots(count, 2, squeeze=False, width_ratios=[3, 1], sharey="row")
    for target in range(count):
        predicted = output[:, target].astype(np.float64)
        panels[target, 0].set_xlim(extent(predicted, "the prediction"))
        extent(y[:, target], "the target")
        error = predicted - y[:, target]
        panels[target, 0].set_ylim(extent(error, "the error"))
        _scatter(panels[target, 0], predicted, error, names[target])
        _histogram(panels[target, 1], error)
    legend_below(figure)
    return figure


def _scatter(axes: Axes, predicted: Array, error: Array, name: str) -> None:
    chosen = at_most(MAX_POINTS, len(error))
    size = 14 if len(chosen) < 500 else 5
    axes.scatter(
        predicted[chosen], error[chosen], s=size, color=BLUE, alpha=0.6, linewidths=0, label="rows"
    )
    rmse = float(np.sqrt(np.mean(error**2)))
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    for place, sign in enumerate((-1.0, 1.0)):
        axes.axhline(
            sign * rmse,
            color=VERMILLION,
            linewidth=1.2,
            linestyle="--",
            label="± root mean squared error" if not place else None,
        )
    style_axes(axes, f"predicted {name}", "error of the prediction")


def _histogram(axes: Axes, error: Array) -> None:
    edges = np.linspace(*extent(error, "the error", margin=0.0), BINS + 1).tolist()
    axes.hist(error, bins=edges, orientation="horizontal", color=BLUE, alpha=0.6)
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    style_axes(axes, "rows", "")
