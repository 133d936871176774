"""Size, font and line weight of every picture, and its bytes."""

from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from core.errors import UnknownName
from core.plots.palette import FAINT, GREY, INK
from core.plots.svg import svg

PictureFormat = Literal["png", "svg"]

WIDTH, HEIGHT = 800, 500
"""Size in CSS pixels, of which an inch has 96; a PNG has twice as many in each direction."""

TITLE_LENGTH, TITLE_LINES = 80, 2
LINE_LENGTH, HANDLE_LENGTH = 100, 9
"""Letters of a legend that fit side by side, and what a handle takes of them."""


def new_figure(subject: str, title: str | None = None) -> Figure:
    """Begin a picture; `subject` is its title for screen readers when there is no other."""
    figure = Figure(figsize=(WIDTH / 96, HEIGHT / 96), dpi=192, layout="constrained")
    FigureCanvasAgg(figure)
    figure.set_facecolor("white")
    figure.set_label(" ".join(_title_lines(title or subject)))
    if title:
        figure.suptitle(
            "\n".join(_title_lines(title)),
            fontsize=12,
            color=INK,
            x=0.02,
            ha="left",
            parse_math=False,
        )
    return figure


def style_axes(axes: Axes, x_label: str, y_label: str) -> None:
    """Name the axes and keep the frame quieter than the data."""
    axes.set_xlabel(x_label, fontsize=10.5, color=INK, parse_math=False)
    axes.set_ylabel(y_label, fontsize=10.5, color=INK, parse_math=False)
    axes.tick_params(which="both", labelsize=9.5, color=GREY, labelcolor=INK, width=0.8)
    axes.tick_params(which="minor", labelsize=8.5, color=FAINT)
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_color(GREY)
        spine.set_linewidth(0.8)
        spine.set_visible(side in ("left", "bottom"))


def legend_below(figure: Figure) -> None:
    """Explain everything that has a label, under the axes, where it hides no data."""
    handles, labels = [], []
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            if label not in labels:  # panels share their entries
                handles.append(handle)
                labels.append(label)
    legend = figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=_columns([HANDLE_LENGTH + len(label) for label in labels]),
        frameon=False,
        fontsize=10,
        labelcolor=INK,
        columnspacing=1.8,
        handletextpad=0.6,
        markerscale=1.2,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _columns(lengths: Sequence[int]) -> int:
    if sum(lengths) <= LINE_LENGTH:
        return len(lengths)
    return max(1, LINE_LENGTH // max(lengths))


def render(figure: Figure, picture_format: str) -> bytes:
    """Draw a figure once and for all: "png" of 1600 × 1000 pixels, or "svg" of 800 × 500.

    Equal figures give equal bytes: there is no date, and identifiers follow from content.
    Raises `UnknownName` for another format.
    """
    if picture_format == "svg":
        return svg(figure)
    if picture_format == "png":
        buffer = BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None, "Title": _alt(figure)})
        return buffer.getvalue()
    raise UnknownName(f"no picture format {picture_format!r}; there are png, svg", ("format",))


def _alt(figure: Figure) -> str:
    # A text chunk of PNG is Latin-1.
    return str(figure.get_label()).encode("latin-1", "replace").decode("latin-1")


def _title_lines(title: str) -> list[str]:
    """Break a title into lines; XML allows no control characters."""
    text = "".join(letter if letter.isprintable() else " " for letter in title)
    return wrap(text, TITLE_LENGTH, max_lines=TITLE_LINES, placeholder="…")
