"""Every picture is a valid file, the same for the same question, in every thread."""

import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from core.approximation.convergence import Experiment
from core.errors import UnknownName
from core.neural_network import NeuralNetwork
from core.plots import approximation, convergence, decision_surface, loss_curve, prediction, render

SVG = "{http://www.w3.org/2000/svg}"


def some_decisions():
    x = np.random.default_rng(1).normal(size=(40, 2))
    network = NeuralNetwork.from_sizes((2, 5, 1), ["tanh", "sigmoid"], np.random.default_rng(2))
    return decision_surface(network, x, (x[:, :1] > 0).astype(float), "Decisions")


def some_regions():
    x = np.random.default_rng(1).normal(size=(40, 2))
    network = NeuralNetwork.from_sizes((2, 3), "softmax", np.random.default_rng(2))
    return decision_surface(network, x, np.eye(3)[np.arange(40) % 3])


def some_values():
    x = np.random.default_rng(1).normal(size=(40, 2))
    network = NeuralNetwork.from_sizes((2, 1), "identity", np.random.default_rng(2))
    return decision_surface(network, x, x.sum(axis=1, keepdims=True))


def some_prediction():
    x = np.linspace(0.0, 1.0, 20)[:, np.newaxis]
    network = NeuralNetwork.from_sizes((1, 4, 2), "tanh", np.random.default_rng(2))
    return prediction(network, x, np.hstack([x, x**2]), "Prediction")


def some_losses():
    iterations = np.arange(50)
    losses = np.exp(-iterations / 5.0)
    return loss_curve(iterations, losses, losses + 0.01, "Losses")


def some_approximation():
    x, grid = np.linspace(0.0, 3.0, 200), np.linspace(0.0, 3.0, 7)
    knots = np.append(grid[0] - 0.5, grid[:-1])
    return approximation(x, np.sin(x), np.interp(x, grid, np.sin(grid)), knots, "sin(x)")


def some_convergence():
    return convergence(
        [
            Experiment(grid, n, 1.0 / n, constant / n**2, constant / n**2, 2.0)
            for grid, constant in (("equidistant", 1.0), ("chebyshev", 3.0))
            for n in (5, 9, 17)
        ],
        "√x",
    )


PICTURES = [
    some_decisions,
    some_regions,
    some_values,
    some_prediction,
    some_losses,
    some_approximation,
    some_convergence,
]


def png_size(png):
    """Check the signature and every chunk's sum; give the width and height of the header."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert (
            zlib.crc32(kind + body)
            == struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
        )
        kinds.append(kind)
        at += 12 + length
    assert kinds[-1] == b"IEND"
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("draw", PICTURES)
def test_a_png_has_two_pixels_for_each_of_800_by_500(draw):
    assert png_size(render(draw(), "png")) == (1600, 1000)


@pytest.mark.parametrize("draw", PICTURES)
def test_an_svg_is_800_by_500_with_words_as_words_and_a_title(draw):
    root = ElementTree.fromstring(render(draw(), "svg"))  # noqa: S314 - our own bytes
    assert root.tag == f"{SVG}svg"
    # 96 CSS pixels and 72 points are an inch.
    assert (root.get("width"), root.get("height")) == ("600pt", "375pt")
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    words = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert len(words) > 5
    assert not list(root.iter(f"{SVG}glyph"))


@pytest.mark.parametrize("picture_format", ["png", "svg"])
@pytest.mark.parametrize("draw", PICTURES)
def test_equal_questions_give_equal_bytes(draw, picture_format):
    assert render(draw(), picture_format) == render(draw(), picture_format)


@pytest.mark.parametrize("picture_format", ["png", "svg"])
def test_threads_draw_what_one_thread_draws_and_no_setting_changes(picture_format):
    before = dict(mpl.rcParams)
    alone = [render(draw(), picture_format) for draw in PICTURES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda draw: render(draw(), picture_format), PICTURES * 3))
    assert together == alone * 3
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("draw", PICTURES)
def test_nothing_is_cut_off_at_the_edge(draw):
    figure = draw()
    render(figure, "png")
    canvas = figure.bbox
    for artist in (*figure.legends, *figure.texts, *figure.axes):
        box = artist.get_tightbbox()
        assert canvas.x0 <= box.x0 < box.x1 <= canvas.x1
        assert canvas.y0 <= box.y0 < box.y1 <= canvas.y1


@pytest.mark.parametrize("draw", PICTURES)
def test_no_line_of_the_grid_crosses_what_is_drawn(draw):
    for axes in draw().axes:
        drawn = [artist.get_zorder() for artist in (*axes.lines, *axes.collections)]
        assert not drawn or axes.xaxis.get_zorder() < min(drawn)


def test_a_title_is_text_and_never_a_formula_or_markup():
    title = "a$\\frac{<b>&\x00\x1b"
    n = np.arange(3)
    figure = loss_curve(n, n / 2.0, title=title)
    words = ElementTree.fromstring(render(figure, "svg")).find(f"{SVG}title").text  # noqa: S314
    assert words == "a$\\frac{<b>&"
    render(loss_curve(n, n / 2.0, title=title), "png")


def test_a_long_title_ends_with_an_ellipsis():
    n = np.arange(3)
    figure = loss_curve(n, n / 2.0, title="x" * 1000)
    assert figure.get_label() == "x" * 80 + " …"


def test_another_format_is_refused_by_name():
    with pytest.raises(UnknownName, match=r"no picture format 'gif'; there are png, svg"):
        render(some_losses(), "gif")


def test_the_core_needs_no_matplotlib_until_a_picture_is_drawn():
    question = "import core, core.neural_network, sys; print('matplotlib' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, check=True)
    assert answer.stdout == b"False\n"


def test_no_picture_touches_the_state_of_pyplot():
    question = (
        "import numpy as np, sys, core.plots as p;"
        "p.render(p.loss_curve(np.arange(2), np.ones(2)), 'svg');"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", question], capture_output=True, check=True)
    assert answer.stdout == b"False\n"
