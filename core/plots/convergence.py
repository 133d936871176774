"""How fast the error of an approximation falls when it gets more points."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Integer
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from core.arrays import Array
from core.errors import ShapeMismatch
from core.plots.palette import GREY, category, marker
from core.plots.picture import dress, legend_below, new_figure
from core.plots.scales import logarithmic_y

MOST_TICKS = 9


def convergence(
    n: Integer[Array, "sizes"],
    errors: Mapping[str, Float[Array, "entries"]],
    title: str | None = None,
) -> Figure:
    """Draw the errors of several grids against n, both logarithmic, beside the slope h².

    Each grid's observed order is the slope of the straight line through its errors, by least
    squares in log h with h ∝ 1 / (n - 1). A line runs out of the picture where its error is 0.
    Raises `ShapeMismatch` unless every grid has an error for every n; needs n >= 2, increasing.
    """
    for name, entries in errors.items():
        if len(entries) != len(n):
            raise ShapeMismatch(f"{name} has {len(entries)} errors for {len(n)} n", ("errors",))
    figure = new_figure("The error by the number of points", title)
    axes = figure.add_subplot()
    for index, (name, entries) in enumerate(errors.items()):
        axes.plot(
            n,
            entries,
            color=category(index, len(errors)),
            marker=marker(index),
            markersize=6,
            markeredgecolor="white",
            markeredgewidth=0.6,
            linewidth=1.8,
            label=_described(name, n, entries),
        )
    _reference(axes, n, list(errors.values()))
    _axes_by_size(axes, n)
    logarithmic_y(axes, np.concatenate(list(errors.values())))
    dress(axes, "number of points n", "largest error")
    legend_below(figure)
    return figure


def observed_order(n: Integer[Array, "sizes"], errors: Float[Array, "sizes"]) -> float | None:
    """Fit the p of error ∝ h^p, h ∝ 1 / (n - 1); None with fewer than two positive errors."""
    positive = errors > 0.0
    if np.count_nonzero(positive) < 2:
        return None
    slope = np.polynomial.Polynomial.fit(
        np.log(n[positive] - 1.0), np.log(errors[positive]), 1
    ).convert()
    return -float(slope.coef[1])


def _described(name: str, n: Array, errors: Array) -> str:
    order = observed_order(n, errors)
    return name if order is None else f"{name}, observed order {order:.2f}"


def _reference(axes: Axes, n: Array, errors: list[Array]) -> None:
    """Draw what h² would do, under all that is drawn."""
    in_units_of_h2 = [e * (n - 1.0) ** 2 for e in errors]
    positive = np.concatenate([e[e > 0.0] for e in in_units_of_h2])
    if len(positive) and len(n) > 1:
        ideal = 0.5 * positive.min() / (n - 1.0) ** 2
        axes.plot(n, ideal, color=GREY, linewidth=1.3, linestyle=":", label="slope of h²")


def _axes_by_size(axes: Axes, n: Array) -> None:
    axes.set_xscale("log")
    chosen = n[np.linspace(0, len(n) - 1, min(len(n), MOST_TICKS)).round().astype(np.intp)]
    axes.xaxis.set_major_locator(FixedLocator(chosen.tolist()))
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.xaxis.set_minor_locator(NullLocator())
