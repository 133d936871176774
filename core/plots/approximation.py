"""A function, the ReLU network that interpolates it, its knots, and the error below."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.errors import ShapeMismatch, counted
from core.plots.extent import at_most, extent
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import BLUE, GREY, INK, VERMILLION

MAX_POINTS = 4_000
MAX_KNOTS = 600
FEW_KNOTS = 60
"""Maximum points of NN drawn as rings; more are drawn as dots."""


def approximation(
    x: Float[Array, "points"],
    function: Float[Array, "entries"],
    output: Float[Array, "outputs"],
    knots: Float[Array, "n"],
    title: str | None = None,
    grid: Float[Array, "grid"] | None = None,
    grid_values: Float[Array, "grid"] | None = None,
    samples: bool = False,
) -> Figure:
    """Draw f(x) and NN(x) over increasing x, the knots on the axis, and NN(x) - f(x) below.

    NN is linear between the points of `grid` with `grid_values`, which are marked; `samples` says
    that f is known at the given x alone, so that each is a point. Knots outside [x₁, x_last] (the
    first one, b₁ = a - h) are not drawn. The largest error of the given points is marked; of more
    than 4000 points, and 600 knots or grid points, an even choice is drawn.
    Raises `ShapeMismatch` unless f and NN have a value for each x, `OutOfDomain` beyond 1e100.
    """
    for name, entries in (("function", function), ("output", output)):
        if len(entries) != len(x):
            raise ShapeMismatch(
                f"{name} has {counted(len(entries), 'value')} for {counted(len(x), 'point')}",
                (name,),
            )
    error = output - function
    worst = int(np.argmax(np.abs(error)))
    shown = np.union1d(at_most(MAX_POINTS, len(x)), worst)
    figure = new_figure("A function and the ReLU network that approximates it", title)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2.2, 1.0))
    look = {"linestyle": "", "marker": "o", "markersize": 5} if samples else {"linewidth": 2.6}
    above.plot(x[shown], function[shown], color=BLUE, label="samples" if samples else "f", **look)
    inside = knots[(knots >= x[0]) & (knots <= x[-1])]
    line_x, line = x[shown], output[shown]
    points, heights = inside, np.interp(inside, x, output)
    if grid is not None and grid_values is not None:
        within = (grid >= x[0]) & (grid <= x[-1])
        points, heights = grid[within], grid_values[within]
        line_x, first = np.unique(np.concatenate([points, line_x]), return_index=True)
        line = np.concatenate([heights, line])[first]
    above.plot(line_x, line, color=VERMILLION, linewidth=1.5, linestyle=(0, (4, 1.5)), label="NN")
    _knots(above, inside, len(knots) - len(inside))
    _points(above, points, heights)
    above.set_ylim(extent(np.concatenate([function, output]), "function"))
    _error(below, x[shown], error[shown], (float(x[worst]), float(error[worst])), samples)
    below.set_xlim(extent(x, "x", margin=0.02))
    wanted = "y" if samples else "f(x)"
    style_axes(above, "", f"{wanted}, NN(x)")
    style_axes(below, "x", f"NN(x) − {wanted}")
    figure.align_ylabels([above, below])
    legend_below(figure)
    return figure


def _knots(axes: Axes, knots: Array, outside: int) -> None:
    """Mark the knots on the axis."""
    drawn = at_most(MAX_KNOTS, len(knots))
    axes.plot(
        knots[drawn],
        np.zeros(len(drawn)),
        transform=axes.get_xaxis_transform(),
        linestyle="",
        marker="|",
        markersize=11,
        markeredgewidth=1.1,
        color=INK,
        clip_on=False,
        zorder=4,
        label=f"{len(knots)} knots" + (f" and {outside} outside" if outside else ""),
    )


def _points(axes: Axes, points: Array, heights: Array) -> None:
    """Mark the points of NN between which it is linear: rings, or where they are many dots."""
    drawn = at_most(MAX_KNOTS, len(points))
    few = len(points) <= FEW_KNOTS
    axes.plot(
        points[drawn],
        heights[drawn],
        linestyle="",
        marker="o",
        markersize=5.5 if few else 2.5,
        markerfacecolor="white" if few else VERMILLION,
        markeredgecolor=VERMILLION,
        markeredgewidth=1.3 if few else 0.0,
        zorder=3,
        label=f"{len(points)} points of NN",
    )


def _error(axes: Axes, x: Array, error: Array, worst: tuple[float, float], samples: bool) -> None:
    """Draw the error as a curve, or of samples, between which it is not known, as stems."""
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    if samples:
        axes.vlines(x, 0.0, error, color=VERMILLION, linewidth=1.1)
        axes.plot(x, error, color=VERMILLION, linestyle="", marker="o", markersize=3.5)
    else:
        axes.fill_between(x, error, color=VERMILLION, alpha=0.25, linewidth=0.0)
        axes.plot(x, error, color=VERMILLION, linewidth=1.1)
    axes.plot(
        *worst,
        linestyle="",
        marker="o",
        markersize=6,
        color=INK,
        label=f"largest error {abs(worst[1]):.3g}",
    )
    axes.set_ylim(extent(np.append(error, 0.0), "error", margin=0.12))
