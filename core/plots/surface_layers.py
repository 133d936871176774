"""The three grounds of a decision surface: how sure, how large, or which."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from core.arrays import Array
from core.plots.extent import extent
from core.plots.palette import BETWEEN_TWO_CLASSES, CONTINUOUS, FAINT, GREY, INK, category, tint
from core.plots.prediction_grid import PredictionGrid

BORDER_WIDTH = 1.6


def probability(figure: Figure, axes: Axes, ground: PredictionGrid, output: int = 0) -> None:
    """Colour an output ŷ from 0 to 1, with the line ŷ = 0.5 and a few others, thin.

    A line where a sigmoid has a value is a line of its s, which is smooth even where ŷ jumps.
    """
    y = ground.output[:, :, output]
    field, level = ground.score[:, :, output], logit if ground.saturates else float
    image = _image(axes, ground, np.clip(y, 0, 1), BETWEEN_TWO_CLASSES, Normalize(0.0, 1.0))
    _contours(axes, ground, field, [level(p) for p in (0.1, 0.3, 0.7, 0.9)], "white", 0.8)
    if _contours(axes, ground, field, [level(0.5)], INK, BORDER_WIDTH):
        axes.plot([], [], color=INK, linewidth=BORDER_WIDTH, label="ŷ = 0.5")
    _colour_bar(figure, axes, image, "output ŷ")


def values(
    figure: Figure,
    axes: Axes,
    ground: PredictionGrid,
    points: Array,
    y: Array,
    predicted: Array,
    output: int = 0,
) -> None:
    """Colour an output ŷ on a scale that it shares with the y of the samples.

    The scale reaches as far as y and the predictions at the samples: what the network says far away
    from them must not stretch it.
    """
    low, high = extent(np.concatenate([predicted, y]), "y", margin=0.05)
    scale = Normalize(low, high)
    image = _image(axes, ground, ground.output[:, :, output], CONTINUOUS, scale)
    # A dark ring around a white one: visible on every colour of the surface.
    for size, colour in ((58, INK), (44, "white")):
        axes.scatter(points[:, 0], points[:, 1], s=size, color=colour, linewidths=0.0, zorder=3)
    axes.scatter(
        points[:, 0],
        points[:, 1],
        c=y,
        cmap=CONTINUOUS,
        norm=scale,
        s=26,
        linewidths=0.0,
        zorder=4,
        label="samples, in the colour of their y",
    )
    shown = ground.output[:, :, output]
    beyond = ("min" if shown.min() < low else "") + ("max" if shown.max() > high else "")
    extend = {"": "neither", "min": "min", "max": "max", "minmax": "both"}[beyond]
    _colour_bar(figure, axes, image, "output ŷ, and y", extend)


def regions(axes: Axes, ground: PredictionGrid) -> None:
    """Colour each point by its largest output; draw the lines where two outputs are equal."""
    count = ground.output.shape[2]
    shades = [tint(category(k, count), 0.35) for k in range(count)]
    winner = ground.output.argmax(axis=2)
    _image(axes, ground, winner, ListedColormap(shades), Normalize(-0.5, count - 0.5))
    for k in np.unique(winner):
        lead = ground.score[:, :, k] - np.delete(ground.score, k, axis=2).max(axis=2)
        if lead.max() > 0.0:
            # Smooth edges over the steps of the lattice.
            axes.contourf(
                ground.x_values,
                ground.y_values,
                lead,
                levels=[0.0, np.nextafter(lead.max(), np.inf)],
                colors=[shades[k]],
            )
            _contours(axes, ground, lead, [0.0], INK, 0.5 * BORDER_WIDTH)


def logit(probability: float) -> float:
    """Give the s at which σ(s) is the probability."""
    return math.log(probability / (1.0 - probability))


def _image(
    axes: Axes, ground: PredictionGrid, values: Array, colours: Colormap, scale: Normalize
) -> AxesImage:
    """Paint the lattice; its outermost points lie on the frame, so its cells reach beyond."""
    half = [
        0.5 * (line[-1] - line[0]) / (len(line) - 1) for line in (ground.x_values, ground.y_values)
    ]
    return axes.imshow(
        values,
        cmap=colours,
        norm=scale,
        origin="lower",
        aspect=axes.get_aspect(),
        interpolation="nearest" if values.dtype.kind == "i" else "bilinear",
        extent=(
            ground.x_values[0] - half[0],
            ground.x_values[-1] + half[0],
            ground.y_values[0] - half[1],
            ground.y_values[-1] + half[1],
        ),
    )


def _contours(
    axes: Axes,
    ground: PredictionGrid,
    values: Array,
    levels: list[float],
    colour: str,
    width: float,
) -> bool:
    """Draw those levels that the values cross; say whether there are any."""
    crossed = [level for level in levels if values.min() < level < values.max()]
    if crossed:
        axes.contour(
            ground.x_values,
            ground.y_values,
            values,
            levels=crossed,
            colors=colour,
            linewidths=width,
            negative_linestyles="solid",
        )
    return bool(crossed)


def _colour_bar(
    figure: Figure, axes: Axes, image: AxesImage, label: str, extend: str = "neither"
) -> None:
    # Inside the coordinates of the axes it is as tall as they are, whatever their aspect.
    bar = figure.colorbar(image, cax=axes.inset_axes((1.02, 0.0, 0.03, 1.0)), extend=extend)
    bar.set_label(label, fontsize=10.5, color=INK, parse_math=False)
    bar.ax.tick_params(labelsize=9.5, color=GREY, labelcolor=INK, width=0.8)
    bar.outline.set_edgecolor(FAINT)
