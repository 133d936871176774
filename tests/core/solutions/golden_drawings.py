"""Drawings of networks as they are: small and crowded, to fill in, with gradients.

`python tests/core/solutions/golden_drawings.py` writes the files again after an intended change;
the pictures are looked over with the commit.
"""

from pathlib import Path

from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question

from core.nn.losses import SQUARED
from core.solutions.calculation.evaluation import work_out
from core.solutions.calculation.network import backprop_calculation
from core.solutions.derivation.page import Page
from core.solutions.drawing.diagram import network_figure
from core.solutions.drawing.svg import svg
from core.solutions.drawing.tikz import tikz
from core.solutions.rounding import Rounding

FOLDER = Path(__file__).parent / "golden" / "drawings"
WRITERS = {"svg": lambda figure: svg(figure, "A network"), "tex": tikz}


def page_of(network, x, y, digits=2):
    worked = work_out(backprop_calculation(network.layers, x, y, SQUARED), Rounding(digits))
    return Page(worked, tuple(layer.activation.name for layer in network.layers))


def asked_page(seed, sizes, samples=1, digits=2):
    asked = hand_question(seed, sizes, samples=samples)
    return page_of(asked.network, asked.x, asked.y, digits)


FIGURES = {
    "sheet": lambda: network_figure(page_of(SHEET, SHEET_X, SHEET_Y)),
    "sheet-gradients": lambda: network_figure(page_of(SHEET, SHEET_X, SHEET_Y), gradients=True),
    "sheet-to-fill-in": lambda: network_figure(page_of(SHEET, SHEET_X, SHEET_Y), values=False),
    "one-unit": lambda: network_figure(asked_page(1, (1, 1)), gradients=True),
    "crowded": lambda: network_figure(asked_page(2, (6, 6, 6), digits=4), gradients=True),
    "deep": lambda: network_figure(asked_page(3, (3, 2, 4, 1))),
    "samples": lambda: network_figure(asked_page(4, (2, 3, 2), 3), values=False, gradients=True),
}


def file_of(name, ending):
    return FOLDER / f"{name}.{ending}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, draw in FIGURES.items():
        for ending, write in WRITERS.items():
            file_of(name, ending).write_text(write(draw()))
