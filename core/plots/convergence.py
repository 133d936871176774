"""How fast the error of an approximation falls when it gets more points."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from core.approximation.convergence import Experiment
from core.approximation.theory import Theory
from core.arrays import Array
from core.plots.extent import at_most
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import GREY, category, marker
from core.plots.scales import logarithmic_y

MAX_TICKS = 9
THEORY = (
    ("equidistant", "h²/8 · max|f″|"),
    ("free_knots", "(∫√|f″|)²/(8 (n − 1)²)"),
    ("free_values", "half of it"),
)
"""The constants of `Theory`, and how their lines are called."""
STYLES = ("--", "-.", ":")


def convergence(
    experiments: Sequence[Experiment], title: str | None = None, theory: Theory | None = None
) -> Figure:
    """Draw the largest errors of each grid against n, both logarithmic, beside what theory says.

    The table comes grid by grid, as `core.approximation.convergence` makes it; the observed order
    in the legend is the last one of a grid. A line runs out of the picture where its error is 0.
    Without `theory`, or where it has no finite line, the slope of h² is drawn.
    """
    figure = new_figure("The error by the number of points", title)
    axes = figure.add_subplot()
    grids = {name: list(rows) for name, rows in groupby(experiments, key=lambda row: row.grid)}
    for index, (name, rows) in enumerate(grids.items()):
        in_order = sorted(rows, key=lambda row: row.n)
        axes.plot(
            [row.n for row in in_order],
            [row.max_error for row in in_order],
            color=category(index, len(grids)),
            marker=marker(index),
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.6,
            linewidth=1.8,
            label=_described(name, rows),
        )
    n = np.array([row.n for row in experiments])
    errors = np.array([row.max_error for row in experiments])
    if theory is None or not _lines_of_theory(axes, np.unique(n), theory):
        _slope_of_h2(axes, n, errors)
    _axis_of_sizes(axes, np.unique(n))
    logarithmic_y(axes, errors)
    style_axes(axes, "number of points n", "largest error")
    legend_below(figure)
    return figure


def _described(grid: str, rows: Sequence[Experiment]) -> str:
    orders = [row.observed_order for row in rows if row.observed_order is not None]
    return f"{grid}, observed order {orders[-1]:.2f}" if orders else grid


def _lines_of_theory(axes: Axes, sizes: Array, theory: Theory) -> bool:
    """Draw a line for every constant that is there; return whether there is one."""
    constants = [getattr(theory, name) for name, _ in THEORY]
    for (_, label), constant, style in zip(THEORY, constants, STYLES, strict=True):
        if constant:
            heights = constant / (sizes - 1.0) ** 2
            axes.plot(sizes, heights, color=GREY, linewidth=1.2, linestyle=style, label=label)
    return any(constants)


def _slope_of_h2(axes: Axes, n: Array, errors: Array) -> None:
    """Draw what h² would do with h ∝ 1 / (n - 1), below all that is drawn."""
    positive = errors > 0.0
    sizes = np.unique(n)
    if positive.any() and len(sizes) > 1:
        smallest = (errors[positive] * (n[positive] - 1.0) ** 2).min()
        axes.plot(
            sizes,
            0.5 * smallest / (sizes - 1.0) ** 2,
            color=GREY,
            linewidth=1.3,
            linestyle=":",
            label="slope of h²",
        )


def _axis_of_sizes(axes: Axes, sizes: Array) -> None:
    axes.set_xscale("log")
    ticks = sizes[at_most(MAX_TICKS, len(sizes))]
    axes.xaxis.set_major_locator(FixedLocator(ticks.tolist()))
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.xaxis.set_minor_locator(NullLocator())
