"""True against false positive rate."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from core.plots.figure import legend_below, new_figure, style_axes
from core.plots.palette import GREY, category
from core.tables.evaluation import RocCurve

MAX_CURVES = 12
DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True, eq=False)
class NamedRoc:
    """The curve of a class against all others, and the area below it."""

    name: str
    curve: RocCurve
    area: float


def roc_curves(curves: Sequence[NamedRoc], title: str | None = None) -> Figure:
    """Draw the curves, of more than 12 those with the smallest areas."""
    figure = new_figure("ROC curves", title)
    axes = figure.add_subplot()
    drawn = sorted(curves, key=lambda roc: roc.area)[:MAX_CURVES]
    drawn = [roc for roc in curves if roc in drawn]
    for number, roc in enumerate(drawn):
        axes.plot(
            roc.curve.false_positive_rate,
            roc.curve.true_positive_rate,
            color=category(number, len(drawn)),
            linestyle=DASHES[number % len(DASHES)],
            linewidth=1.8,
            label=f"{roc.name}, area {roc.area:.3f}",
        )
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=":", label="guessing, area 0.5")
    axes.set_aspect("equal")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    style_axes(axes, "false positive rate", "true positive rate")
    legend_below(figure)
    return figure
