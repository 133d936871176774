"""Rows by their class and by the predicted class."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from core.arrays import Array
from core.plots.figure import new_figure, style_axes
from core.plots.palette import BLUE, INK, VERMILLION, tint

MAX_WRITTEN_CLASSES = 15
"""Maximum classes for which cells have numbers and classes have names."""
NAME_LENGTH = 14


def confusion_matrix(
    counts: Int[Array, "classes classes"], names: Sequence[str], title: str | None = None
) -> Figure:
    """Draw the matrix; a cell is as strong as its share of the rows of its class.

    The diagonal, where the prediction is right, has another colour than the mistakes.
    """
    figure = new_figure("The confusion matrix", title)
    axes = figure.add_subplot()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(_colours(shares), aspect="equal", interpolation="nearest")
    is_written = len(names) <= MAX_WRITTEN_CLASSES
    if is_written:
        _write(axes, counts, shares)
        places = np.arange(len(names))
        labels = [_short(name) for name in names]
        axes.set_xticks(places, labels, rotation=45 if len(names) > 5 else 0, parse_math=False)
        axes.set_yticks(places, labels, parse_math=False)
    style_axes(axes, "predicted class", "class")
    axes.grid(visible=False)
    return figure


def _colours(shares: Array) -> Array:
    """An image: white for no row, the full colour for all rows of a class."""
    image = np.empty((*shares.shape, 3))
    for place, share in np.ndenumerate(shares):
        colour = tint(BLUE if place[0] == place[1] else VERMILLION, float(share))
        image[place] = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return image


def _write(axes: Axes, counts: Array, shares: Array) -> None:
    size = 13 if len(counts) <= 8 else 9
    for (row, column), count in np.ndenumerate(counts):
        colour = "white" if shares[row, column] > 0.6 else INK
        axes.text(column, row, f"{count:,}", ha="center", va="center", color=colour, fontsize=size)


def _short(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"
