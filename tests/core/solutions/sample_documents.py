"""One solution of each kind that writers have to cope with."""

import numpy as np
from golden_sheets import TASKS, made
from hand_questions import SHEET, SHEET_X, SHEET_Y, hand_question

from core.approximation.formula.formula import parse
from core.nn.losses import SQUARED
from core.solutions.derivation.relu.function import function_formula
from core.solutions.network_solution import backprop_solution, forward_solution
from core.solutions.relu_solution import relu_solution
from core.solutions.rounding import Rounding

WAVE = parse("sin(pi*x)**2/(1 + abs(x)) - 3*sqrt(x + 2)*exp(-x)")


def _solved(rounding, eta=None, **shape):
    asked = hand_question(3, **shape)
    return backprop_solution(asked.layers, asked.x, asked.y, asked.loss, rounding, eta=eta)


def sample_documents():
    by_hand = Rounding(3, mode="each_step")
    grid = np.linspace(-1.0, 1.0, 12)
    return {
        "sheet": backprop_solution(SHEET.layers, SHEET_X, SHEET_Y, SQUARED, Rounding(3), eta=0.5),
        "forward": forward_solution(SHEET.layers, SHEET_X, Rounding(2, "significant_digits")),
        "classes": _solved(
            by_hand, sizes=(3, 4, 3), hidden="relu", last="softmax", loss="cross_entropy"
        ),
        "batch": _solved(
            by_hand, 0.1, sizes=(2, 2, 1), hidden="tanh", loss="binary_cross_entropy", samples=3
        ),
        "batch-exact": _solved(Rounding(3), 0.1, sizes=(2, 2, 1), samples=3),
        "coupled": _solved(Rounding(4), sizes=(2, 3, 3), hidden="leaky_relu", last="softmax"),
        "wide": _solved(Rounding(6), sizes=(16, 16), last="softplus"),
        "single": _solved(by_hand, 0.3, sizes=(1, 1, 1), hidden="softplus", last="identity"),
        "parabola": relu_solution(grid, grid**2, Rounding(3), interval=(-1.0, 1.0)),
        "sheet-with-key": made(TASKS["update"], 1).sheet(with_key=True),
        "function": relu_solution(
            grid[::3],
            WAVE(grid[::3]),
            Rounding(3),
            function=function_formula(WAVE.tree),
        ),
        "grid": relu_solution(np.array([0.0, 0.5, 2.0]), np.array([1.0, -2.0, 2.5]), by_hand),
    }
