"""How the loss fell, iteration by iteration."""

import numpy as np
from jaxtyping import Float, Integer
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.errors import ShapeMismatch, counted
from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import BLUE, GREEN, VERMILLION
from core.plots.scales import exponents, logarithmic_y

FEW = 25
"""Maximum points that get a dot each."""

DECADES = 2.0
"""Powers of ten between the losses from which the axis is logarithmic."""


def loss_curve(
    iterations: Integer[Array, "points"],
    losses: Float[Array, "entries"],
    validation_losses: Float[Array, "validations"] | None = None,
    title: str | None = None,
) -> Figure:
    """Draw the losses by iteration; a loss that is not a finite number leaves a gap.

    Validation losses are NaN where they were not measured, as between the epochs of mini-batches;
    their curve joins those that were. The lowest one is marked.
    Raises `ShapeMismatch` unless there is a loss, and one for each iteration.
    """
    for name, entries in (("losses", losses), ("validation_losses", validation_losses)):
        if entries is not None and (len(entries) != len(iterations) or not len(entries)):
            raise ShapeMismatch(
                f"{name} has {counted(len(entries), 'value')} "
                f"for {counted(len(iterations), 'iteration')}",
                (name,),
            )
    figure = new_figure("The loss by iteration", title)
    axes = figure.add_subplot()
    _curve(axes, iterations, losses, "training", BLUE, "-")
    if validation_losses is not None:
        measured = ~np.isnan(validation_losses)
        if measured.any():
            _curve(
                axes,
                iterations[measured],
                validation_losses[measured],
                "validation",
                VERMILLION,
                "--",
            )
        _lowest(axes, iterations, validation_losses)
    drawn = losses if validation_losses is None else np.concatenate([losses, validation_losses])
    if _spans_decades(drawn):
        logarithmic_y(axes, drawn)
    elif not np.any(drawn < 0.0):
        axes.set_ylim(bottom=0.0)
    axes.margins(x=0.02)
    style_axes(axes, "iteration", "loss E")
    legend_below(figure)
    return figure


def _curve(
    axes: Axes, iterations: Array, losses: Array, name: str, colour: str, dashes: str
) -> None:
    finite = np.isfinite(losses)
    last = f", last {losses[finite][-1]:.3g}" if finite.any() else ""
    axes.plot(
        iterations,
        np.where(finite, losses, np.nan),
        color=colour,
        linestyle=dashes,
        linewidth=1.8,
        marker="o" if len(losses) <= FEW else "",
        markersize=4,
        label=name + last,
    )


def _lowest(axes: Axes, iterations: Array, losses: Array) -> None:
    if np.isfinite(losses).any():
        best = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan)))
        axes.plot(
            iterations[best],
            losses[best],
            linestyle="",
            marker="o",
            markersize=9,
            markerfacecolor="none",
            markeredgecolor=GREEN,
            markeredgewidth=1.8,
            label=f"lowest {losses[best]:.3g}, iteration {iterations[best]}",
        )


def _spans_decades(losses: Array) -> bool:
    powers = exponents(losses)
    return bool(len(powers) and np.ptp(powers) >= DECADES)
